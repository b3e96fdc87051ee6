# SPDX-License-Identifier: GPL-3.0-or-later
"""Training samples from every source."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.training.matting import camera_effects
from models.training.matting.cutouts.recipes import cut_out
from models.training.matting.cutouts.textures import Photographs
from models.training.matting.framed import framed
from models.training.matting.overlays import overlay
from models.training.matting.photographs import UNKNOWN, with_labels, without_sky
from models.training.matting.places import find_places
from models.training.matting.recipe import FULL, batch_size
from models.training.matting.rendered import find_rendered
from models.training.matting.samples import Sources
from models.training.matting.skies import Skies


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny photos.jsonl: a blue-over-green image with sky, a grey one without."""
    folder = tmp_path_factory.mktemp("data")
    with_sky = np.zeros((60, 80, 3), np.uint8)
    with_sky[:30], with_sky[30:] = (250, 160, 60), (30, 120, 40)
    cv2.imwrite(str(folder / "yes.png"), with_sky)
    cv2.imwrite(str(folder / "no.png"), np.full((60, 80, 3), 90, np.uint8))
    cv2.imwrite(str(folder / "unsure.png"), np.full((60, 80, 3), 190, np.uint8))
    rows = [{"image": f"{name}.png", "sky": sky} for name, sky in (("yes", "yes"), ("no", "no"), ("unsure", "no"))]
    (folder / "photos.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    labels = folder / "labels"
    labels.mkdir()
    label = np.zeros((60, 80), np.uint8)
    label[:30], label[28:32] = 255, UNKNOWN
    cv2.imwrite(str(labels / "yes.png"), label)
    (folder / "panoramas").mkdir()
    light = np.full((64, 128, 3), 30, np.uint8)
    light[:32] = 200
    cv2.imwrite(str(folder / "panoramas" / "field.jpg"), light)
    around = np.zeros((64, 128), np.uint8)
    around[:32], around[28:36] = 255, UNKNOWN
    cv2.imwrite(str(labels / "field.png"), around)
    (labels / "not_negative.txt").write_text("unsure\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def sources(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Sources:
    shard = tmp_path_factory.mktemp("shards") / "000000.npy"
    np.save(shard, np.stack([cut_out(seed, Photographs([])) for seed in range(4)]))
    photos, labels = data / "photos.jsonl", data / "labels"
    places = find_places(data / "panoramas", labels)
    return Sources(
        Skies([], 8, 1), [shard], [], with_labels(photos, labels), without_sky(photos, labels), [], places, []
    )


def test_images_that_may_show_sky_are_no_negatives(data: Path) -> None:
    without = without_sky(data / "photos.jsonl", data / "labels")
    assert [int(each[0, 0, 0]) for each in without] == [90]


def test_unknown_parts_of_a_label_are_not_learnt(data: Path) -> None:
    (labelled,) = with_labels(data / "photos.jsonl", data / "labels")
    assert not labelled.known[28:32].any() and labelled.known[:28].all() and labelled.known[32:].all()


def test_views_into_a_place_know_what_is_sky(data: Path) -> None:
    (place,) = find_places(data / "panoramas", data / "labels")
    random = np.random.default_rng(5)
    shown = 0
    for _ in range(12):
        image, matte, known = place.view(random, 48, 64)
        assert image.shape == (48, 64, 3) and image.min() >= 0 and image.max() <= 1
        sure = known > 0
        assert set(np.unique(matte[sure].round(2))) <= {0.0, 1.0}
        if (matte[sure] > 0.5).any() and (matte[sure] < 0.5).any():
            shown += 1
            brightness = image.mean(axis=-1)
            assert brightness[sure & (matte > 0.5)].min() > brightness[sure & (matte < 0.5)].max()
    assert shown >= 4


def test_a_camera_that_looks_up_sees_sky_and_one_that_looks_down_none(data: Path) -> None:
    (place,) = find_places(data / "panoramas", data / "labels")
    random = np.random.default_rng(6)
    up, down = ([place.view(random, 32, 32, angle)[1][16, 16] for _ in range(6)] for angle in (60, -30))
    assert min(up) == 1 and max(down) == 0


@pytest.mark.parametrize("size", [(64, 64), (32, 96), (96, 32)])
@pytest.mark.parametrize("frames", [1, 2])
def test_samples_have_the_size_that_was_asked_for(sources: Sources, size: tuple[int, int], frames: int) -> None:
    for item in range(8):
        sample = sources.draw((1, item), size, frames)
        assert sample.image.shape == (frames, *size, 3) and sample.image.dtype == np.uint8
        assert sample.matte.shape == sample.known.shape == (frames, size[0] // 2, size[1] // 2)
        assert set(np.unique(sample.known)) <= {0, 1}


def test_a_seed_always_gives_the_same_sample(sources: Sources) -> None:
    first, again, other = (sources.draw((2, item), (64, 64), 2) for item in (0, 0, 1))
    assert np.array_equal(first.image, again.image) and np.array_equal(first.matte, again.matte)
    assert not np.array_equal(first.image, other.image)


def test_frames_of_a_shot_are_alike_but_not_equal(sources: Sources) -> None:
    moved = 0
    for item in range(8):
        mattes = sources.draw((3, item), (96, 96), 2).matte.astype(float)
        change = np.abs(mattes[0] - mattes[1]).mean() / 255
        assert change < 0.1
        moved += change > 0
    assert moved >= 3


def test_framed_sky_has_things_on_its_sides_and_is_open_in_the_middle() -> None:
    hill = np.zeros((64, 64, 7), np.uint8)
    hill[40:, :, 3] = 255
    random = np.random.default_rng(8)
    rims, middles = [], []
    for _ in range(12):
        cover = framed(random, lambda: hill, 96, 128)[..., 3] / 255
        rims.append(np.concatenate([cover[0], cover[-1], cover[:, 0], cover[:, -1]]).mean())
        middles.append(cover[36:60, 48:80].mean())
    assert np.mean(rims) > 0.6 and np.mean(middles) < 0.1


def test_a_frame_without_sky_or_shape_is_not_learnt(tmp_path: Path) -> None:
    random = np.random.default_rng(10)
    blank, stones = np.full((48, 64, 3), 150, np.uint8), random.integers(0, 255, (48, 64, 3), np.uint8)
    for name, image, alpha in (("blank", blank, 0), ("sky", blank, 65535), ("stones", stones, 0)):
        cv2.imwrite(str(tmp_path / f"{name}.jpg"), image)
        cv2.imwrite(str(tmp_path / f"{name}_alpha.png"), np.full((48, 64), alpha, np.uint16))
        (tmp_path / f"{name}.json").write_text('{"focal_px": 50}', encoding="utf-8")
    assert [frame.metadata.stem for frame in find_rendered(tmp_path)] == ["sky", "stones"]


def test_what_lies_over_a_image_is_no_sky() -> None:
    kinds = set()
    for seed in range(200):
        laid = overlay(np.random.default_rng(seed), 40, 60)
        matte, image = laid.beside(np.ones((40, 60), np.float32)), laid.over(np.full((40, 60, 3), 0.5, np.float32))
        changed = np.abs(image - 0.5).max(axis=-1) > 0.2
        assert (matte[changed] < 0.6).all()
        kinds.add("none" if not changed.any() else "bars" if changed[0].all() or changed[:, 0].all() else "writing")
    assert kinds == {"none", "bars", "writing"}


def test_film_keeps_images_in_range() -> None:
    random = np.random.default_rng(4)
    image = random.random((40, 60, 3), np.float32)
    for _ in range(20):
        graded = camera_effects.graded(random, image, 1.0)
        assert graded.min() >= 0 and graded.max() <= 1 and graded.shape == image.shape
        coded = camera_effects.recorded(random, graded, 0.05, 40)
        assert coded.dtype == np.uint8 and coded.shape == image.shape


def test_recipe_names_a_phase_for_every_step() -> None:
    assert FULL.phase_at(0) is FULL.phases[0]
    assert FULL.phase_at(FULL.steps - 1) is FULL.phases[-1]
    assert batch_size(384, (0.5, 1.0), 32) == (192, 384)
