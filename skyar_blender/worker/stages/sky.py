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
from ...engine.media.exr import as_stored, encode_exr, parallel_encoding
from ...engine.media.pixel_aspect import at_size
from ...engine.media.prefetch import BoundedPool, prefetch
from ...engine.sky.load import LoadedSky, load_sky
from ...engine.sky.placement import Placement, drifted, place
from ...engine.sky_image import SkyImage
from ...engine.sphere.all_around import seen_all_around
from ...engine.survey.fades import Fade
from ...engine.track.geometry.rotations import camera_matrix, nearest_rotation
from ...engine.types import LinearRGB, Matrix3
from ..job.gathered import StageReport
from ..job.running_job import RunningJob
from ..stored.dissolves import mixed_frames
from ..stored.horizon_mattes import horizon_mattes
from . import track as track_stage
from .copies import fill_copies
from .light import look, to_look_at
from .sun import SkyRotation, turn_of

#: Name of what is remembered of the new sky.
SKY = "sky"
#: Name of what is remembered of how the camera stands; a run with another new sky takes it over.
PLACEMENT = "placement"


def run(running: RunningJob, track: Track) -> StageReport:
    """Make what is missing of ``sky/``; ``track`` holds the source frames in use, ascending."""
    sources = running.sources
    sky = running.job.sky
    assert sky is not None  # the job's own check
    missing = [index for index, source in enumerate(sources) if not _path(running, source).exists()]
    begun = time.monotonic()
    unknown = bool(missing) or running.load_state(SKY) is None
    placement = _placement(running, track) if unknown or _exported(running).world is None else None
    if placement is not None:
        track_stage.export(running, replace(track, world=[world.tolist() for world in placement.world]))
    loaded, turn = None, SkyRotation()
    if unknown and placement is not None:
        loaded = load_sky(sky, matting=running.matting)
        before = time.monotonic()
        turn = turn_of(running, track, placement.rotations, loaded.metadata)
        begun += time.monotonic() - before  # which is a step of its own
    progress = running.progress("sky", len(sources), len(sources) - len(missing), begun)
    if loaded is not None and placement is not None:
        views = _views(running, track, _turned(placement, turn.degrees), missing, loaded.moves)
        looks = to_look_at(running, track)
        # Of a sky that moves, each view has an image of its own to keep.
        most = 2 if loaded.moves else _most_at_a_time(running.reader.width * running.reader.height)
        with parallel_encoding(most) as threads, BoundedPool(threads, 2 * threads) as pool:
            # A locked-off camera sees one image, where the sky itself does not move.
            for view, same in groupby(views, key=lambda each: each.key):
                indices = [each.index for each in same]
                seen_in = [sources[index] for index in indices]
                pool.submit(partial(_make, running, loaded.at(view.seconds), view, seen_in, looks))
                for _ in indices:
                    progress.step()
        for _ in _mix(
            running, track, _turned(placement, turn.degrees), [sources[index] for index in missing], loaded
        ):
            progress.step()
        metadata = {**loaded.metadata, "name": loaded.name, "normalised_stops": loaded.normalised_stops}
        sun = {} if turn.figures is None else {"sun": asdict(turn.figures)}
        running.save_state(SKY, {"facts": metadata, "placement": placement.figures, "turn": turn.degrees, **sun})
    fill_copies(running, running.folder.sky)
    kept = running.load_state(SKY) or {}
    figures = SkyFigures(
        sky=kept.get("facts", {}),
        placement=kept.get("placement", {}),
        sun=SunFigures(**kept["sun"]) if "sun" in kept else None,
    )
    return StageReport(turn.rows | progress.finish(), [figures])


def _most_at_a_time(pixels: int) -> int:
    """How many views may be made at a time: as many as take some 400 MB, and 2 to 6."""
    return min(6, max(2, round(12.5e6 / pixels)))


def _path(running: RunningJob, source: int) -> Path:
    return running.folder.sky(running.number_of[source])


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


def _views(
    running: RunningJob, track: Track, placement: Placement, missing: list[int], moves: bool
) -> Iterator[_View]:
    """Those of frames that show one shot."""
    distorted = track.distortions()
    for index in missing:
        if running.survey.dissolve_of(running.sources[index]) is not None:
            continue
        rotation = _drifted(running, track, placement, index)
        seconds = seconds_of(running, track, index) if moves else 0.0
        fade = running.survey.fade_of(running.sources[index])
        yield _View(index, tuple(map(tuple, rotation.tolist())), track.focal(index), distorted[index], seconds, fade)


def rotations_of(running: RunningJob, track: Track) -> list[Matrix3]:
    """World to camera directions of the new sky's world, for each source frame in use, after :func:`run`."""
    placement = _turned(_placement(running, track), (running.load_state(SKY) or {}).get("turn", 0.0))
    return [_drifted(running, track, placement, index) for index in range(len(running.sources))]


def _turned(placement: Placement, degrees: float) -> Placement:
    """For a sky that is turned to the right, so that its sun is where the light comes from."""
    return replace(placement, rotations=[drifted(each, degrees) for each in placement.rotations])


def _drifted(running: RunningJob, track: Track, placement: Placement, index: int) -> Matrix3:
    return drifted(placement.rotations[index], running.job.settings.wind * seconds_of(running, track, index))


def seconds_of(running: RunningJob, track: Track, index: int) -> float:
    """When a source frame in use is seen, after the first one."""
    # Frames one by one take the time of the result; chosen ones, as where the rates differ, that of the movie.
    rate = track.fps if running.job.clip.order is None else float(running.reader.own_rate)
    return (running.sources[index] - running.sources[0]) / rate


def _mix(
    running: RunningJob, track: Track, placement: Placement, sources: list[int], sky: LoadedSky
) -> Iterator[int]:
    """Write the new sky of those ``sources`` that show two shots: each shot's own, as far as its sky is seen.

    Gives each once it is written.
    """
    distorted, index_of = track.distortions(), {source: index for index, source in enumerate(running.sources)}
    for source, dissolve, mixture in mixed_frames(running, sources):
        seconds = seconds_of(running, track, index_of[source])
        seen = sky.at(seconds if sky.moves else 0.0)
        views = []
        for end, motion in zip((dissolve.before, dissolve.after), dissolve.motions(source), strict=True):
            index = index_of[end]
            rotation = _carried_rotation(running, track, motion, index) @ placement.rotations[index]
            rotation = drifted(np.asarray(rotation), running.job.settings.wind * seconds)
            views.append(_seen(running, seen, rotation, track.focal(index), distorted[index]))
        one, other = (at_size(each, running.stored_size) for each in views)
        image = running.survey.fade_of(source).of_linear(mixture.mixed(one, other))
        running.written.write(_path(running, source), encode_exr(image))
        yield source


def _carried_rotation(running: RunningJob, track: Track, motion: Matrix3, index: int) -> Matrix3:
    """The camera's turn that moves the image of source frame ``index`` in use so."""
    if running.spherical or running.job.settings.motion == "STATIC":
        return np.eye(3)
    scale = np.diag(
        [running.shown_size[0] / running.stored_size[0], running.shown_size[1] / running.stored_size[1], 1.0]
    )
    camera = camera_matrix(track.focal(index), *running.shown_size)
    turned = np.linalg.inv(camera) @ scale @ motion @ np.linalg.inv(scale) @ camera
    return nearest_rotation(np.asarray(turned / np.cbrt(np.linalg.det(turned))))


def _seen(running: RunningJob, sky: SkyImage, rotation: Matrix3, focal: float, distortion: float) -> LinearRGB:
    if running.spherical:
        return seen_all_around(sky, rotation, *running.shown_size)
    return sky.view(rotation, focal, *running.shown_size, distortion)


def _make(running: RunningJob, sky: SkyImage, view: _View, sources: list[int], looks: set[int]) -> None:
    """One view of the sky, written for all frames that show it; those in ``looks`` are looked at for the light."""
    image = _seen(running, sky, np.array(view.rotation), view.focal, view.distortion)
    image = at_size(image, running.stored_size)
    data = encode_exr(view.fade.of_linear(image))

    for source in sources:
        running.written.write(_path(running, source), data)
        if source in looks:
            running.looks[source] = look(running, source, as_stored(thinned(image)))


def _exported(running: RunningJob) -> Track:
    return Track.from_json(running.folder.track.read_text(encoding="utf-8"))


def _placement(running: RunningJob, track: Track) -> Placement:
    """Found by this run, or by an earlier one for the same horizon."""
    horizon = running.job.settings.horizon
    kept = running.load_state(PLACEMENT)
    if kept is not None and kept["horizon"] == horizon:
        rotations, world = ([np.array(each) for each in kept[name]] for name in ("rotations", "world"))
        return Placement(rotations, kept["figures"], world)
    found = _found_placement(running, track)
    rotations, world = ([each.tolist() for each in matrices] for matrices in (found.rotations, found.world))
    running.save_state(
        PLACEMENT, {"horizon": horizon, "rotations": rotations, "world": world, "figures": found.figures}
    )
    return found


def _found_placement(running: RunningJob, track: Track) -> Placement:
    if track.world is not None:
        return place(track, (), running.job.settings)

    def path_of(index: int) -> Path:
        running.token.check()
        return running.folder.matte(running.number_of[running.sources[index]])

    return place(track, prefetch(horizon_mattes(len(running.sources), path_of)), running.job.settings)
