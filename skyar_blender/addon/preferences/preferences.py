# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's preferences: the engine's Python, the artist's own skies, where results go."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

from pathlib import Path

import bpy

from ...bridge.environment import is_outdated
from ...bridge.interpreter import find_python
from ...contract.errors import SkyarError
from ...contract.wandb import DEFAULT_PROJECT
from ...contract.weights_name import is_weights_name
from ..bases import there
from ..translations.told import told
from ..wrapped import draw_text
from . import engine_state
from .step_bar import draw_step
from .wandb_modes import MODES

#: Name under which Blender knows the add-on: the package that holds ``skyar_blender``.
ROOT_PACKAGE: str = (__package__ or "").rsplit(".", 3)[0]

#: The numbers are what saved preferences hold.
_TORCH_BUILDS = (
    (
        "AUTO",
        "Automatic",
        "PyTorch for the graphics card where one is found, else none: a smaller download",
        "NONE",
        6,
    ),
    (
        "NONE",
        "No PyTorch",
        "The network works on the processor, by ONNX Runtime; its weights may not be a checkpoint of PyTorch",
        "NONE",
        5,
    ),
    ("CUDA", "NVIDIA (CUDA)", "PyTorch for NVIDIA graphics cards, as the installed driver allows", "NONE", 2),
    ("ROCM", "AMD (ROCm)", "PyTorch for AMD graphics cards, Linux only", "NONE", 3),
    ("APPLE", "Apple GPU", "PyTorch for Macs with Apple's own processors", "NONE", 4),
    ("CPU", "CPU", "PyTorch for the processor only, for weights that are a checkpoint of PyTorch", "NONE", 1),
    (
        "DEFAULT",
        "As Served",
        "The PyTorch that the package index serves for this system; on Linux it includes CUDA",
        "NONE",
        0,
    ),
)
_LABEL_WIDTH = 95


class SkyarPreferences(bpy.types.AddonPreferences):
    """Read it with :func:`preferences`."""

    bl_idname = ROOT_PACKAGE

    engine_python: bpy.props.StringProperty(
        name="Engine Python",
        description=(
            "A Python 3.11 or later that has SkyAR's requirements, or a virtual environment. "
            "Empty: the one that Set Up Engine makes"
        ),
        subtype="FILE_PATH",
    )
    torch_build: bpy.props.EnumProperty(
        name="Device",
        description="Which PyTorch Set Up Engine installs",
        items=_TORCH_BUILDS,
        default="AUTO",
    )
    skies_folder: bpy.props.StringProperty(
        name="My Skies",
        description="A folder with panoramas or pictures of your own; they appear in the list of skies",
        subtype="DIR_PATH",
    )
    matting_weights: bpy.props.StringProperty(
        name="Matting Weights",
        description=(
            "Weights of your own for the method Network: ONNX, safetensors, or the checkpoint of SkyAR's paper, or "
            "an artifact of Weights & Biases, wandb://ENTITY/PROJECT/ARTIFACT:VERSION. Empty: those of SkyAR"
        ),
        subtype="FILE_PATH",
    )
    output_pattern: bpy.props.StringProperty(
        name="Output",
        description=(
            "Folder for the results of a strip, // is beside the .blend. "
            "{strip}, {clip} and {sky} stand for the names of the strip, its file and the sky"
        ),
        default="//skyar/{clip}_{sky}",
    )

    automatic_bake: bpy.props.BoolProperty(
        name="Automatic Bake",
        description=(
            "When the sliders of a result rest for some seconds, make its movie anew in the background; "
            "the next change or job ends that"
        ),
        default=True,
    )

    last_choices: bpy.props.StringProperty(
        name="Last Choices", description="What was chosen last in the sidebar, as JSON", options={"HIDDEN"}
    )
    favourite_skies: bpy.props.StringProperty(
        name="Favourite Skies", description="Skies that come first, as JSON", options={"HIDDEN"}
    )
    wandb_mode: bpy.props.EnumProperty(
        name="Weights & Biases",
        description="Log every run, with its settings, figures, pictures and movies",
        items=MODES,
        default="OFF",
    )
    wandb_project: bpy.props.StringProperty(
        name="Project", description="Project of Weights & Biases that runs are logged to", default=DEFAULT_PROJECT
    )
    wandb_entity: bpy.props.StringProperty(
        name="Entity", description="Person or team that the project belongs to; empty: that of the login"
    )
    wandb_folder: bpy.props.StringProperty(
        name="Folder",
        description="Folder in which the folder “wandb” is made; empty: the one that holds the results",
        subtype="DIR_PATH",
    )
    wandb_clip: bpy.props.BoolProperty(
        name="Log the Clip", description="Log the clip itself too, not only its hash", default=False
    )

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.prop(self, "skies_folder")
        layout.prop(self, "output_pattern")
        layout.prop(self, "matting_weights")
        layout.prop(self, "automatic_bake")
        layout.separator()
        layout.prop(self, "engine_python")
        column = layout.column()
        column.enabled = not self.engine_python
        column.prop(self, "torch_build")
        row = layout.row()
        row.operator("skyar.setup_engine", icon="IMPORT")
        row.operator("skyar.check_engine", icon="CHECKMARK")
        _draw_state(layout.box())
        row = layout.row(heading="Node Groups")
        row.operator("skyar.add_assets", icon="ASSET_MANAGER")
        row.operator("skyar.remove_assets", icon="X")
        self._draw_wandb(layout.column())

    def _draw_wandb(self, column: bpy.types.UILayout) -> None:
        column.separator()
        column.prop(self, "wandb_mode")
        if self.wandb_mode == "OFF":
            return
        for name in ("wandb_project", "wandb_entity", "wandb_folder", "wandb_clip"):
            column.prop(self, name)
        column.operator("skyar.wandb_login", icon="LOCKED")
        if self.wandb_mode == "ONLINE" and not bpy.app.online_access:
            column.label(text="Blender's online access is off (System > Network).", icon="ERROR")


def preferences(context: bpy.types.Context | None = None) -> SkyarPreferences | None:
    """SkyAR's preferences, or None while the add-on is not enabled."""
    addon = there((context or bpy.context).preferences).addons.get(ROOT_PACKAGE)
    return None if addon is None else addon.preferences


def own_weights(context: bpy.types.Context, method: str) -> dict[str, str]:
    """The option for weights of the user's own, where there are some and ``method`` has a network."""
    chosen = preferences(context)
    text = chosen.matting_weights.strip() if chosen is not None and method == "network" else ""
    weights = text if is_weights_name(text) else bpy.path.abspath(text)
    return {"matting_weights": weights} if weights else {}


def managed_folder() -> Path | None:
    """Where the managed environment is or would be; None where SkyAR does not run as an extension."""
    try:
        return Path(bpy.utils.extension_path_user(ROOT_PACKAGE, path="engine"))
    except ValueError:
        return None


def engine_python(context: bpy.types.Context | None = None) -> Path:
    """The interpreter that runs the engine.

    Raises:
        SkyarError: ``engine_missing``, with what to do.
    """
    chosen = preferences(context)
    preference = bpy.path.abspath(chosen.engine_python) if chosen is not None else ""
    return find_python(preference, managed_folder())


def engine_is_there(context: bpy.types.Context) -> bool:
    """Whether there is an interpreter that runs the engine."""
    try:
        engine_python(context)
    except SkyarError:
        return False
    return True


def _draw_state(box: bpy.types.UILayout) -> None:
    """The engine as it is: at work, checked, in trouble, or merely there."""
    box.use_property_split = False
    if engine_state.progress is not None:
        now = engine_state.progress
        draw_step(box, now)
        draw_text(box, _LABEL_WIDTH, now.line or "…")
        draw_text(box, _LABEL_WIDTH, "Esc cancels.")
    elif engine_state.busy():
        draw_text(box, _LABEL_WIDTH, "Checking the engine…", "TIME")
    elif engine_state.error is not None:
        _draw_error(box, engine_state.error)
    elif engine_state.report is not None:
        for line in engine_state.report.checks:
            draw_text(box, _LABEL_WIDTH, f"{line.name}: {line.value}", "CHECKMARK" if line.ok else "ERROR")
            if not line.ok:
                draw_text(box, _LABEL_WIDTH, line.todo, "BLANK1")
    else:
        _draw_engine(box)


def _draw_engine(box: bpy.types.UILayout) -> None:
    try:
        python = engine_python()
    except SkyarError as error:
        _draw_error(box, error)
        return
    folder = managed_folder()
    if folder is not None and python.is_relative_to(folder) and is_outdated(folder):
        draw_text(
            box, _LABEL_WIDTH, "The engine was set up for another version of SkyAR: press Set Up Engine.", "ERROR"
        )
    else:
        draw_text(box, _LABEL_WIDTH, f"Engine: {python}", "CHECKMARK")


def _draw_error(box: bpy.types.UILayout, error: SkyarError) -> None:
    draw_text(box, _LABEL_WIDTH, told(error.what), "ERROR")
    for text in (error.why, error.todo):
        draw_text(box, _LABEL_WIDTH, told(text), "BLANK1")


CLASSES = (SkyarPreferences,)
