# SPDX-License-Identifier: GPL-3.0-or-later
"""``make demo``: replace the sky of a clip inside Blender, render it there, and say where the results are.

Runs in the Python of a bpy wheel. The engine's interpreter comes from SKYAR_ENGINE_PYTHON.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clip", type=Path, required=True)
    parser.add_argument("--sky", default="sunset")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    clip, output = options.clip.expanduser().resolve(), options.output.expanduser().resolve()
    if not clip.is_file():
        print(f"There is no clip at {clip}. Give one with: make demo CLIP=my.mp4", file=sys.stderr)
        return 3
    output.mkdir(parents=True, exist_ok=True)

    bpy = start_blender()
    scene = bpy.context.scene
    strip = add_clip(bpy, scene, clip)
    blend = output / f"{clip.stem}-{options.sky}.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(blend))
    try:
        bpy.ops.sequencer.skyar_replace_sky(sky=options.sky)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    bpy.ops.wm.save_mainfile()
    video = render_movie(bpy, scene, output / f"{clip.stem}-{options.sky}.mp4")
    middle = (scene.frame_start + scene.frame_end) // 2
    after = render_image(bpy, scene, middle, output / f"{clip.stem}-{options.sky}.png")
    mute_results(scene, strip, True)
    before = render_image(bpy, scene, middle, output / f"{clip.stem}-before.png")
    mute_results(scene, strip, False)
    print("\nDone, inside Blender", bpy.app.version_string)
    for name, path in (("video", video), ("picture", after), ("before", before), ("scene", blend)):
        print(f"  {name + ':':<9}{path}")
    return 0


def start_blender():
    """Blender with the add-on enabled from this checkout, its settings apart from the user's own."""
    resources = Path(tempfile.mkdtemp(prefix="skyar-demo-"))
    extensions = resources / "extensions" / "user_default"
    extensions.mkdir(parents=True)
    (extensions / "skyar").symlink_to(ROOT, target_is_directory=True)
    os.environ["BLENDER_USER_RESOURCES"] = str(resources)
    import bpy

    bpy.ops.preferences.addon_enable(module="bl_ext.user_default.skyar")
    return bpy


def add_clip(bpy, scene, clip: Path):
    """A strip of the whole clip in an empty sequencer, the scene set to its size and rate."""
    editor = scene.sequence_editor_create()
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    strip = strips.new_movie(clip.stem, str(clip), channel=1, frame_start=1)
    image = strip.elements[0]
    scene.render.resolution_x, scene.render.resolution_y = image.orig_width, image.orig_height
    scene.render.resolution_percentage = 100
    rate = strip.fps
    scene.render.fps = max(1, round(rate))
    scene.render.fps_base = scene.render.fps / rate
    scene.frame_start, scene.frame_end = 1, strip.frame_final_duration
    scene.view_settings.view_transform = "Standard"
    scene.render.use_sequencer = True
    with contextlib.suppress(RuntimeError):  # a clip without sound
        strips.new_sound(clip.stem + " sound", str(clip), channel=2, frame_start=1)
    return strip


def render_movie(bpy, scene, path: Path) -> Path:
    """Render the sequencer's frames to an H.264 movie with sound."""
    settings = scene.render.image_settings
    if hasattr(settings, "media_type"):
        settings.media_type = "VIDEO"
    settings.file_format = "FFMPEG"
    ffmpeg = scene.render.ffmpeg
    ffmpeg.format, ffmpeg.codec, ffmpeg.constant_rate_factor = "MPEG4", "H264", "HIGH"
    ffmpeg.audio_codec = "AAC"
    scene.render.filepath = str(path)
    bpy.ops.render.render(animation=True, scene=scene.name)
    return path


def render_image(bpy, scene, frame: int, path: Path) -> Path:
    """Render one frame of the sequencer to a PNG."""
    settings = scene.render.image_settings
    if hasattr(settings, "media_type"):
        settings.media_type = "IMAGE"
    settings.file_format = "PNG"
    scene.frame_set(frame)
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True, scene=scene.name)
    return path


def mute_results(scene, strip, muted: bool) -> None:
    """Hide or show everything above ``strip``."""
    editor = scene.sequence_editor
    for other in editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all:
        if other.channel > strip.channel and other.type != "SOUND":
            other.mute = muted


if __name__ == "__main__":
    sys.exit(main())
