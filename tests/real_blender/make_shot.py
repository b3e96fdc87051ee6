# SPDX-License-Identifier: GPL-3.0-or-later
"""In Blender: put a clip into the Video Sequencer of a new file and save it.

``blender --background --python make_shot.py -- CLIP SHOT.blend``

The scene has the clip's size, rate and length, and writes 8-bit PNG without view transform or dither, so that
images of two renders can be compared value by value.
"""

from __future__ import annotations

import sys
from fractions import Fraction

import bpy


def make_shot(clip: str, blend: str) -> None:
    """Save ``blend`` with ``clip`` as the one strip, selected and active as after a click on it."""
    scene = bpy.context.scene
    editor = scene.sequence_editor_create()
    strip = editor.strips.new_movie("Clip", clip, channel=1, frame_start=1)
    strip.select = True
    editor.active_strip = strip

    source = strip.elements[0]
    rate = Fraction(source.orig_fps).limit_denominator(1001)
    render = scene.render
    render.resolution_x, render.resolution_y = source.orig_width, source.orig_height
    render.resolution_percentage = 100
    render.fps = -(-rate.numerator // rate.denominator)
    render.fps_base = render.fps / float(rate)
    scene.frame_start, scene.frame_end = 1, strip.duration
    scene.view_settings.view_transform = "Standard"
    scene.sequencer_colorspace_settings.name = "sRGB"
    render.dither_intensity = 0
    render.image_settings.file_format = "PNG"
    render.image_settings.color_mode = "RGB"
    render.image_settings.color_depth = "8"

    bpy.ops.wm.save_as_mainfile(filepath=blend)
    print(f"{strip.duration} frames of {source.orig_width}x{source.orig_height} at {float(rate):g}")


if __name__ == "__main__":
    make_shot(*sys.argv[sys.argv.index("--") + 1 :])
