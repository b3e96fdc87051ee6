# SPDX-License-Identifier: GPL-3.0-or-later
"""Teaches the networks that find where a shot's light comes from.

    .blender/5.0/bin/python models/training/scenes/make_scenes.py --output build/sunlit --sunlit --second-sky ...
    .blender/5.0/bin/python models/training/sun/make_skies.py --output build/skies --count 1000
    .venv/bin/python -m models.training.sun.train build/sunlit --skies build/skies --panoramas DATA/panoramas

Those that look at a whole frame are trained with scenes, those that look at the sky alone with domes, panoramas and
the shipped skies. With --keep-whole the former stay as they are in models/, and the scenes, which they must not have
been trained with, only tell how much both count.
"""

from __future__ import annotations

import argparse
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save

from models.training.matting.skies import find_panoramas
from models.training.sun.calibration import best_strengths, errors, joined, sure_level
from models.training.sun.frames import LEAST_SKY, Examples, Float64Array, read_examples
from models.training.sun.full_frame import held_out, train_full_frame
from models.training.sun.sky_only import dome_views, panorama_views, train_sky_only
from models.training.sun.sky_views import read_cameras
from skyar_blender.engine.sun.estimate import WITHIN
from skyar_blender.engine.sun.networks import NAME, Networks, SunNetworks

MODELS = Path(__file__).parents[2]
SKYBOXES = MODELS.parent / "skyboxes"
#: Panoramas that are places, or nights: what stands there would be taken for clouds. Of the shipped skies, those
#: that have a sun.
_NOT = ("city", "forest", "immenstadter", "night", "shanghai", "snowy", "sunset.hdr", "venice", "starmap", "park")
_SHIPPED = ("sunny", "cumulus", "sunset", "floating_castle")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenes", type=Path, help="folder of frames from make_scenes.py")
    parser.add_argument("--skies", type=Path, required=True, help="folder of domes from make_skies.py")
    parser.add_argument("--panoramas", type=Path, help="folder of panoramas of real skies")
    parser.add_argument("--keep-whole", action="store_true", help="train only what looks at the sky alone")
    parser.add_argument("--output", type=Path, default=MODELS, help="folder for the weights")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    examples = read_examples(options.scenes, options.scenes.parent / f"{options.scenes.name}_described")
    print(f"{len(examples.seed)} frames of {len(set(examples.seed))} scenes, {examples.lit.sum()} of them with a sun")
    tensors, towards = _full_frame(examples, options.keep_whole)
    tensors |= _sky_only(options.scenes, options.skies, options.panoramas)
    networks = SunNetworks(Networks.of(tensors), Networks.of(tensors, "sky_"), 1.0, 1.0, 1.0)
    which = examples.open
    sky_only, azimuth = networks.sky_only(examples.sky[which]), examples.azimuth[which]
    strengths = best_strengths(towards[which], sky_only, azimuth)
    level = _tell(towards[which], sky_only, azimuth, strengths)
    content = save({name: np.ascontiguousarray(value, np.float32) for name, value in tensors.items()})
    (options.output / f"{NAME}.safetensors").write_bytes(content)
    (options.output / f"{NAME}.toml").write_text(
        f'name = "{NAME}"\nlicence = "CC0-1.0"\ndate = {datetime.now(UTC).date()}\n'
        f'sha256 = "{hashlib.sha256(content).hexdigest()}"\n'
        f"whole_strength = {strengths[0]}  # what counts of the networks that look at a whole frame\n"
        f"sky_strength = {strengths[1]}  # and of those that look at the sky alone\n"
        f"sure_above = {level:.4f}  # confidence of a shot whose light is told within {WITHIN:.0f} degrees\n",
        encoding="utf-8",
    )


def _full_frame(examples: Examples, keep: bool) -> tuple[dict[str, Float64Array], Float64Array]:
    """Tensors of the networks that look at whole frames, and what such say of frames they were not trained with."""
    if not keep:
        return train_full_frame(examples), held_out(examples)
    kept = {
        name: value.astype(np.float64)
        for name, value in load_file(MODELS / f"{NAME}.safetensors").items()
        if not name.startswith("sky_")
    }
    networks = Networks.of(kept)  # type: ignore[arg-type]
    seen, mirrored = (networks.values(examples.full_frame[:, side]) for side in (0, 1))
    return kept, (seen + mirrored * (1.0, -1.0)) / 2


def _sky_only(scenes: Path, skies: Path, panoramas: Path | None) -> dict[str, Float64Array]:
    cameras = read_cameras(scenes)
    views, suns, domes = dome_views(skies, cameras, skies.parent / f"{skies.name}_described")
    print(f"{len(views)} views of {len(set(domes))} domes by {len(cameras)} cameras")
    paths = [SKYBOXES / name / "sky.exr" for name in _SHIPPED]
    if panoramas is not None:
        paths += [path for path in find_panoramas(panoramas) if not path.name.startswith(_NOT)]
    real, real_suns = panorama_views(paths, cameras)
    print(f"{len(real)} views of panoramas")
    return train_sky_only(np.concatenate([views, real]), np.concatenate([suns, real_suns]))


def _tell(
    towards: Float64Array, sky_only: Float64Array, azimuth: Float64Array, strengths: tuple[float, float]
) -> float:
    """Print how good they are on scenes they did not see; the level above which a shot is called sure."""
    lit = np.isfinite(azimuth)
    print(
        f"scenes that were not trained with, frames that show {100 * LEAST_SKY:.0f} % of sky: {lit.sum()} with a sun"
    )
    level = 1.0
    for name, (full_frame, sky) in {"whole": (3.0, 0.0), "sky": (0.0, 1.0), "both": strengths}.items():
        off, likely = errors(joined(towards, sky_only, full_frame, sky), azimuth)
        order = np.argsort(-likely[lit])
        fractions = ", ".join(
            f"{100 * part:.0f} % {np.mean(off[lit][order[: max(1, int(part * len(order)))]] <= WITHIN):.3f}"
            for part in (0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
        )
        level = sure_level(likely[lit], off[lit])
        print(
            f"{name:5} ({full_frame}, {sky}): median {np.median(off[lit]):.1f} degrees; within {WITHIN:.0f} of the "
            f"surest {fractions}; sure above {level:.3f}: {np.mean(likely[lit] >= level):.3f} of those with a sun, "
            f"{np.mean(likely[~lit] >= level):.3f} of {(~lit).sum()} without"
        )
    return level


if __name__ == "__main__":
    main()
