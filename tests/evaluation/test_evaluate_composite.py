# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar evaluate composite`` on a small painted set: hills whose light is known under any sky."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import OpenEXR
import pytest
from typer.testing import CliRunner

from skyar_blender.engine.colour import display_from_linear, frame_from_linear
from skyar_blender.engine.media.exr import write_exr
from skyar_blender.engine.media.images import read_frame, write_matte_png, write_png
from skyar_blender.evaluation.runs.composite_methods import alpha_over, skyar
from skyar_blender.worker.cli.app import app

HEIGHT, WIDTH = 48, 64
REFERENCE = Path(__file__).parent.parent / "support" / "reference_composite.py"
SKIES = {"noon": (0.15, 0.3, 0.75), "sunset": (0.8, 0.4, 0.15), "storm": (0.1, 0.11, 0.13), "blue": (0.1, 0.25, 0.7)}
KEYS = {prefix + name for prefix in ("", "edge_", "foreground_") for name in ("ciede2000", "psnr", "ssim")}


def alpha() -> np.ndarray:
    """Sky over a soft, wavy edge."""
    row, column = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    return np.clip(20 + 4 * np.sin(column / 6) - row + 0.5, 0, 2) / 2


def shot(sky: str, light: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """The image under a sky, whose colour falls on grey ground, and that sky alone."""
    colour = np.array(SKIES[sky], np.float32)
    fading = np.linspace(1.0, 0.6, HEIGHT, dtype=np.float32)[:, None, None]
    alone = np.broadcast_to(colour * fading, (HEIGHT, WIDTH, 3)).astype(np.float32)
    texture = np.random.default_rng(1).uniform(0.1, 0.5, (HEIGHT, WIDTH, 1)).astype(np.float32)
    fraction = alpha()[..., None]
    return frame_from_linear(texture * colour * light * (1 - fraction) + alone * fraction), alone


def write_pair(folder: Path, kind: str, old: str, new: str) -> Path:
    target = folder / f"{kind}_{old}_to_{new}"
    target.mkdir(parents=True)
    write_png(target / "a.png", shot(old)[0])
    truth, alone = shot(new)
    write_png(target / "b.png", truth)
    write_exr(target / "sky_b.exr", alone)
    write_matte_png(target / "alpha.png", np.rint(alpha() * 65535).astype(np.uint16))
    metadata = {"kind": kind, "a": {"sky": {"name": old}}, "b": {"sky": {"name": new}}}
    (target / "pair.json").write_text(json.dumps(metadata))
    return target


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    """Three pairs, and what is none."""
    folder = tmp_path / "set"
    write_pair(folder, "hill", "noon", "sunset")
    write_pair(folder, "hill", "blue", "storm")
    write_pair(folder, "dune", "noon", "sunset")
    (folder / "frames" / "hill").mkdir(parents=True)
    (folder / "dune_unfinished").mkdir()
    return folder


def evaluate(*arguments: object, status: int = 0) -> str:
    done = CliRunner().invoke(app, ["evaluate", "composite", *map(str, arguments)], env={"COLUMNS": "160"})
    assert done.exit_code == status, done.output
    assert "Traceback" not in done.output
    return done.output


def test_figures_table_and_sheet(pairs: Path, tmp_path: Path) -> None:
    file, sheet = tmp_path / "out" / "composite.json", tmp_path / "out" / "sheet.png"
    reported = evaluate(pairs, "--against", REFERENCE, "--json", file, "--sheet", sheet)
    assert all(
        word in reported for word in ("skyar", "alpha over", "reference", "noon to sunset", "blue to storm", "dune")
    )
    found = json.loads(file.read_text())
    assert set(found) == {"methods", "pairs"}
    assert list(found["pairs"]) == ["dune_noon_to_sunset", "hill_blue_to_storm", "hill_noon_to_sunset"]
    assert list(found["methods"]) == ["alpha_over", "reference", "skyar"]
    for figures in (found["methods"], *found["pairs"].values()):
        assert all(set(each) == KEYS for each in figures.values())
    for name in KEYS:
        mean = np.mean([each["skyar"][name] for each in found["pairs"].values()])
        assert found["methods"]["skyar"][name] == pytest.approx(mean, abs=1e-4)
    # The ground takes the sky's colour: what recolours is nearer to the truth than what does not.
    ours, plain = found["methods"]["skyar"], found["methods"]["alpha_over"]
    assert 0 < ours["foreground_ciede2000"] < plain["foreground_ciede2000"]
    # A row of five images for each pair.
    image = read_frame(sheet)
    assert image.shape == (3 * 230, 5 * 280, 3) and image.std() > 20


def test_a_perfect_composite_has_no_error(pairs: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    lines = ["import cv2", "import numpy as np", "def composite(frame, matte, sky):"]
    # Knows the three truths by the mean of the sky that it is given.
    lines.append(f"    for path in {[str(path) for path in sorted(pairs.glob('*/b.png'))]}:")
    lines += [
        "        truth = cv2.imread(path)[..., ::-1].copy()",
        "        shown = np.where(sky > .0031308, 1.055 * sky ** (1 / 2.4) - .055, 12.92 * sky)[0, 0] * 255",
        "        if np.abs(truth[0, 0] - shown).max() < 2: return truth",
    ]
    other.write_text("\n".join(lines))
    file = tmp_path / "composite.json"
    evaluate(pairs, "--against", other, "--json", file)
    perfect = json.loads(file.read_text())["methods"]["reference"]
    assert perfect["ciede2000"] == perfect["edge_ciede2000"] == 0
    assert perfect["psnr"] == 100 and perfect["ssim"] == 1


def test_alpha_over_is_the_plain_formula() -> None:
    frame, _ = shot("noon")
    _, sky = shot("sunset")
    fraction = alpha()[..., None]
    expected = frame * (1 - fraction) + 255 * display_from_linear(sky) * fraction
    assert np.abs(alpha_over(frame, alpha(), sky) - expected).max() <= 0.5 + 1e-3
    assert np.array_equal(alpha_over(frame, np.zeros((HEIGHT, WIDTH), np.float32), sky), frame)


def test_ours_is_what_a_run_makes(pairs: Path) -> None:
    """The ground far from the sky is tinted and gets darker, and by how much is what the skies' colours say."""
    frame, _ = shot("noon")
    _, sky = shot("sunset")
    made = skyar(frame, alpha(), sky)
    assert np.array_equal(made[0], frame_from_linear(sky)[0])
    before, after = frame[-4:].mean(axis=(0, 1)), made[-4:].mean(axis=(0, 1))
    assert after[0] / after[2] > 1.1 * before[0] / before[2]
    assert after.sum() < before.sum()


def test_with_a_matte_that_was_found(pairs: Path, tmp_path: Path) -> None:
    file = tmp_path / "composite.json"
    evaluate(pairs, "--matte", "adaptive", "--json", file)
    exact = tmp_path / "exact.json"
    evaluate(pairs, "--json", exact)
    found, best = (json.loads(path.read_text())["methods"]["alpha_over"] for path in (file, exact))
    assert found["edge_ciede2000"] != best["edge_ciede2000"] and found["edge_ciede2000"] < 40


def test_a_image_without_sky_has_no_edge(tmp_path: Path) -> None:
    target = write_pair(tmp_path / "set", "wall", "noon", "storm")
    write_matte_png(target / "alpha.png", np.zeros((HEIGHT, WIDTH), np.uint16))
    file = tmp_path / "composite.json"
    reported = evaluate(tmp_path / "set", "--json", file)
    found = json.loads(file.read_text())["methods"]["alpha_over"]
    assert found["edge_ciede2000"] is None and found["foreground_ciede2000"] == found["ciede2000"] > 0
    assert "-" in reported


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.png", None, "a.png"),
        ("b.png", b"no picture", "b.png"),
        ("alpha.png", None, "alpha.png"),
        ("sky_b.exr", None, "sky_b.exr"),
        ("sky_b.exr", b"\x76\x2f\x31\x01 cut off", "sky_b.exr"),
        ("pair.json", b"{", "pair.json"),
        ("pair.json", b'{"kind": "hill", "a": {}, "b": {}}', "pair.json"),
        ("pair.json", b'{"kind": 7, "a": {"sky": {"name": "x"}}, "b": {"sky": {"name": "y"}}}', "pair.json"),
    ],
)
def test_a_broken_pair_is_told(pairs: Path, name: str, content: bytes | None, words: str) -> None:
    path = pairs / "hill_blue_to_storm" / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    reported = evaluate(pairs, status=4 if name == "sky_b.exr" else 3)
    assert words in reported.replace("\n", "") and "Error:" in reported


def test_images_of_different_sizes_are_told(pairs: Path) -> None:
    path = pairs / "dune_noon_to_sunset" / "b.png"
    write_png(path, np.ascontiguousarray(cv2.resize(read_frame(path), (32, 24))))
    reported = evaluate(pairs, status=3)
    assert "32 x 24" in reported and "do not fit together" in reported


def test_a_sky_with_nan_and_infinity_gives_figures(pairs: Path, tmp_path: Path) -> None:
    path = pairs / "dune_noon_to_sunset" / "sky_b.exr"
    _, sky = shot("sunset")
    sky = sky.copy()
    sky[3, 3], sky[4, 4] = np.nan, np.inf
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    OpenEXR.File(header, {"RGB": sky}).write(str(path))
    file = tmp_path / "composite.json"
    evaluate(pairs, "--json", file)
    assert 0 < json.loads(file.read_text())["methods"]["skyar"]["ciede2000"] < 50


def test_wrong_options_are_refused(pairs: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no folder" in evaluate(tmp_path / "gone", status=3)
    assert "no pair" in evaluate(tmp_path / "empty", status=3)
    (tmp_path / "empty.py").write_text("")
    assert "no composite to compare with" in evaluate(pairs, "--against", tmp_path / "empty.py", status=7)
    assert "no composite to compare with" in evaluate(pairs, "--against", tmp_path / "none.py", status=7)
    (tmp_path / "wrong.py").write_text("def composite(frame, matte, sky):\n    return sky\n")
    assert "gave no picture" in evaluate(pairs, "--against", tmp_path / "wrong.py", status=7)
    assert "from no network" in evaluate(pairs, "--matting-weights", "w.onnx", status=2)
