# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage four: the new sky as the camera sees it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path

import numpy as np

from ...contract.report import SkyFigures, SunFigures
from ...contract.track_file import Track
from ...engine.composite.light_statistics import thinned
from ...engine.media.exr import as_stored, encode_exr, side_by_side
from ...engine.media.pixel_aspect import at_size
from ...engine.media.prefetch import BoundedPool, prefetch
from ...engine.sky.all_around import seen_all_around
from ...engine.sky.load import LoadedSky, load_sky
from ...engine.sky.placement import Placement, drifted, place
from ...engine.sky_picture import SkyPicture
from ...engine.survey.fades import Fade
from ...engine.track.geometry import camera_matrix, nearest_rotation
from ...engine.types import LinearRGB, Matrix3
from ..dissolves import mixed_frames
from ..gathered import StageReport
from ..horizon_mattes import horizon_mattes
from ..shot import Shot
from . import track as track_stage
from .copies import fill_copies
from .light import look, to_look_at
from .sun import Turn, turn_of

#: Name of what is remembered of how the camera stands; a run with another new sky takes it over.
PLACEMENT = "placement"


def run(shot: Shot, track: Track) -> StageReport:
    """Make what is missing of ``sky/``; ``track`` holds the source frames in use, ascending."""
    sources = shot.sources
    sky = shot.job.sky
    assert sky is not None  # the job's own check
    missing = [index for index, source in enumerate(sources) if not _path(shot, source).exists()]
    begun = time.monotonic()
    unknown = bool(missing) or shot.kept("sky") is None
    placement = _placement(shot, track) if unknown or _exported(shot).world is None else None
    if placement is not None:
        track_stage.export(shot, replace(track, world=[world.tolist() for world in placement.world]))
    loaded, turn = None, Turn()
    if unknown and placement is not None:
        loaded = load_sky(sky, matting=shot.matting)
        before = time.monotonic()
        turn = turn_of(shot, track, placement.rotations, loaded.facts)
        begun += time.monotonic() - before  # which is a step of its own
    progress = shot.progress("sky", len(sources), len(sources) - len(missing), begun)
    if loaded is not None and placement is not None:
        views = _views(shot, track, _turned(placement, turn.degrees), missing, loaded.moves)
        looks = to_look_at(shot, track)
        # Of a sky that moves, each view has a picture of its own to keep.
        most = 2 if loaded.moves else _most_at_a_time(shot.reader.width * shot.reader.height)
        with side_by_side(most) as threads, BoundedPool(threads, 2 * threads) as pool:
            # A locked-off camera sees one picture, where the sky itself does not move.
            for view, same in groupby(views, key=lambda each: each.key):
                indices = [each.index for each in same]
                seen_in = [sources[index] for index in indices]
                pool.submit(partial(_make, shot, loaded.at(view.seconds), view, seen_in, looks))
                for _ in indices:
                    progress.step()
        for _ in _mix(shot, track, _turned(placement, turn.degrees), [sources[index] for index in missing], loaded):
            progress.step()
        facts = {**loaded.facts, "name": loaded.name, "normalised_stops": loaded.normalised_stops}
        sun = {} if turn.figures is None else {"sun": asdict(turn.figures)}
        shot.keep("sky", {"facts": facts, "placement": placement.figures, "turn": turn.degrees, **sun})
    fill_copies(shot, shot.folder.sky)
    kept = shot.kept("sky") or {}
    figures = SkyFigures(
        sky=kept.get("facts", {}),
        placement=kept.get("placement", {}),
        sun=SunFigures(**kept["sun"]) if "sun" in kept else None,
    )
    return StageReport(turn.rows | progress.finish(), [figures])


def _most_at_a_time(pixels: int) -> int:
    """How many views may be made at a time: as many as take some 400 MB, and 2 to 6."""
    return min(6, max(2, round(12.5e6 / pixels)))


def _path(shot: Shot, source: int) -> Path:
    return shot.folder.sky(shot.number_of[source])


@dataclass(frozen=True)
class _View:
    """How the camera of the frame with this place among the source frames looks at the sky, and when.

    ``seconds`` after the first frame, where the sky moves; else 0. ``fade`` is how far the frame is faded.
    """

    index: int
    rotation: tuple[tuple[float, ...], ...]
    focal: float
    distortion: float
    seconds: float
    fade: Fade

    @property
    def key(self) -> _View:
        return replace(self, index=0)


def _views(shot: Shot, track: Track, placement: Placement, missing: list[int], moves: bool) -> Iterator[_View]:
    """Those of frames that show one shot."""
    bent = track.distortions()
    for index in missing:
        if shot.survey.dissolve_of(shot.sources[index]) is not None:
            continue
        rotation = _drifted(shot, track, placement, index)
        seconds = seconds_of(shot, track, index) if moves else 0.0
        fade = shot.survey.fade_of(shot.sources[index])
        yield _View(index, tuple(map(tuple, rotation.tolist())), track.focal(index), bent[index], seconds, fade)


def rotations_of(shot: Shot, track: Track) -> list[Matrix3]:
    """World to camera directions of the new sky's world, for each source frame in use, after :func:`run`."""
    placement = _turned(_placement(shot, track), (shot.kept("sky") or {}).get("turn", 0.0))
    return [_drifted(shot, track, placement, index) for index in range(len(shot.sources))]


def _turned(placement: Placement, degrees: float) -> Placement:
    """For a sky that is turned to the right, so that its sun is where the light comes from."""
    return replace(placement, rotations=[drifted(each, degrees) for each in placement.rotations])


def _drifted(shot: Shot, track: Track, placement: Placement, index: int) -> Matrix3:
    return drifted(placement.rotations[index], shot.job.settings.wind * seconds_of(shot, track, index))


def seconds_of(shot: Shot, track: Track, index: int) -> float:
    """When a source frame in use is seen, after the first one."""
    # Frames one by one take the time of the result; chosen ones, as where the rates differ, that of the movie.
    rate = track.fps if shot.job.clip.order is None else float(shot.reader.own_rate)
    return (shot.sources[index] - shot.sources[0]) / rate


def _mix(shot: Shot, track: Track, placement: Placement, sources: list[int], sky: LoadedSky) -> Iterator[int]:
    """Write the new sky of those ``sources`` that show two shots: each shot's own, as far as its sky is seen.

    Gives each once it is written.
    """
    bent, index_of = track.distortions(), {source: index for index, source in enumerate(shot.sources)}
    for source, dissolve, mixture in mixed_frames(shot, sources):
        seconds = seconds_of(shot, track, index_of[source])
        seen = sky.at(seconds if sky.moves else 0.0)
        views = []
        for end, motion in zip((dissolve.before, dissolve.after), dissolve.motions(source), strict=True):
            index = index_of[end]
            rotation = _carried_rotation(shot, track, motion, index) @ placement.rotations[index]
            rotation = drifted(np.asarray(rotation), shot.job.settings.wind * seconds)
            views.append(_seen(shot, seen, rotation, track.focal(index), bent[index]))
        one, other = (at_size(each, shot.stored_size) for each in views)
        picture = shot.survey.fade_of(source).of_linear(mixture.mixed(one, other))
        shot.written.write(_path(shot, source), encode_exr(picture))
        yield source


def _carried_rotation(shot: Shot, track: Track, motion: Matrix3, index: int) -> Matrix3:
    """The camera's turn that moves the picture of source frame ``index`` in use so."""
    if shot.spherical or shot.job.settings.motion == "STATIC":
        return np.eye(3)
    scale = np.diag([shot.shown_size[0] / shot.stored_size[0], shot.shown_size[1] / shot.stored_size[1], 1.0])
    camera = camera_matrix(track.focal(index), *shot.shown_size)
    turned = np.linalg.inv(camera) @ scale @ motion @ np.linalg.inv(scale) @ camera
    return nearest_rotation(np.asarray(turned / np.cbrt(np.linalg.det(turned))))


def _seen(shot: Shot, sky: SkyPicture, rotation: Matrix3, focal: float, distortion: float) -> LinearRGB:
    if shot.spherical:
        return seen_all_around(sky, rotation, *shot.shown_size)
    return sky.view(rotation, focal, *shot.shown_size, distortion)


def _make(shot: Shot, sky: SkyPicture, view: _View, sources: list[int], looks: set[int]) -> None:
    """One view of the sky, written for all frames that show it; those in ``looks`` are looked at for the light."""
    picture = _seen(shot, sky, np.array(view.rotation), view.focal, view.distortion)
    picture = at_size(picture, shot.stored_size)
    data = encode_exr(view.fade.of_linear(picture))

    for source in sources:
        shot.written.write(_path(shot, source), data)
        if source in looks:
            shot.looks[source] = look(shot, source, as_stored(thinned(picture)))


def _exported(shot: Shot) -> Track:
    return Track.from_json(shot.folder.track.read_text(encoding="utf-8"))


def _placement(shot: Shot, track: Track) -> Placement:
    """Found by this run, or by an earlier one for the same horizon."""
    horizon = shot.job.settings.horizon
    kept = shot.kept(PLACEMENT)
    if kept is not None and kept["horizon"] == horizon:
        rotations, world = ([np.array(each) for each in kept[name]] for name in ("rotations", "world"))
        return Placement(rotations, kept["figures"], world)
    found = _found_placement(shot, track)
    rotations, world = ([each.tolist() for each in matrices] for matrices in (found.rotations, found.world))
    shot.keep(PLACEMENT, {"horizon": horizon, "rotations": rotations, "world": world, "figures": found.figures})
    return found


def _found_placement(shot: Shot, track: Track) -> Placement:
    if track.world is not None:
        settings = replace(shot.job.settings, horizon=None) if shot.spherical else shot.job.settings
        return place(track, (), settings)

    def path_of(index: int) -> Path:
        shot.token.check()
        return shot.folder.matte(shot.number_of[shot.sources[index]])

    return place(track, prefetch(horizon_mattes(len(shot.sources), path_of)), shot.job.settings)
