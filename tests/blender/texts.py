# SPDX-License-Identifier: GPL-3.0-or-later
"""All that a person reads of the add-on, as the files of translations have it. Only after ``conftest`` has run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
from blender.shots import skyar

PACKAGE = Path(__file__).resolve().parents[2] / "skyar_blender"
#: Properties that every class of its kind has from Blender.
_BLENDERS = {"rna_type", "name"}
#: What only a shell or a developer sees.
_ELSEWHERE = (
    *("evaluation", "worker/cli", "worker/option_docs.py", "worker/__main__.py", "worker/draft/__main__.py"),
    *("worker/self_check.py", "contract/option.py", "common/farm_bundle.py", "addon/translations"),
)
#: Ends sentences that begin in other places, and so is no sentence by itself.
_ENDING = "then press Set Up Engine again."
#: Hidden, so that no log of scripts has it, and yet drawn.
_DRAWN_THOUGH_HIDDEN = {"skyar.wandb_login key"}


def words() -> set[str]:
    """Names, tooltips, titles and short messages: what ``translations/*.toml`` has entries for."""
    module, somewhere = skyar("bridge.setup_steps"), Path("somewhere")
    build = module.TorchBuild.CUDA
    setup = module.setup_steps(somewhere, somewhere, build, downloads=somewhere, fits=False, wandb=True)
    setup.append(module.removal_step(somewhere, []))
    help_of_draft = [text for texts in skyar("addon.draft.overlay")._HELP.values() for text in texts]
    groups = [each.group for each in skyar("common.option_lookup").OPTIONS.values()]
    steps = [*groups, *skyar("addon.jobs.progress_words").STEPS.values(), *(step.title for step in setup)]
    return {
        _single_spaced(text) for text in (*_of_classes(), *_spoken(), *_of_nodes(), *help_of_draft, *steps) if text
    }


def sentences() -> set[str]:
    """Sentences of errors, warnings and notes, the engine's too: what ``translations/messages/*.toml`` has.

    Numbers in braces stand for what changes.
    """
    return {*_sentences(), _ENDING}


def classes(kind: type) -> list[Any]:
    """The add-on's classes of one kind of Blender's."""
    return [cls for module in skyar("addon")._MODULES for cls in module.CLASSES if issubclass(cls, kind)]


def operators() -> list[Any]:
    return classes(bpy.types.Operator)


def properties() -> Iterator[tuple[str, Any]]:
    """All properties of operators, groups of properties and preferences; each with where it is."""
    for cls in operators():
        module, _, function = cls.bl_idname.partition(".")
        for each in getattr(getattr(bpy.ops, module), function).get_rna_type().properties:
            if each.identifier != "rna_type":
                yield f"{cls.bl_idname} {each.identifier}", each
    for cls in [*classes(bpy.types.PropertyGroup), *classes(bpy.types.AddonPreferences)]:
        for each in cls.bl_rna.properties:
            if each.identifier not in _BLENDERS and each.identifier in cls.__annotations__:
                yield f"{cls.__name__} {each.identifier}", each


def _of_classes() -> Iterator[str]:
    for cls in operators():
        yield from (cls.bl_label, cls.__doc__)
    for cls in [*classes(bpy.types.Panel), *classes(bpy.types.Menu)]:
        yield cls.bl_label
    for where, each in properties():
        if each.is_hidden and where not in _DRAWN_THOUGH_HIDDEN:
            continue
        yield from (each.name, each.description)
        if each.type == "ENUM":
            yield from (text for item in each.enum_items_static for text in (item.name, item.description) if text)


def _of_nodes() -> Iterator[str]:
    """What a result's node group says of itself; names, titles and tooltips of its inputs."""
    group = skyar("addon.nodes.groups.composite_wet").GROUP
    yield group.help
    yield from (each.title for each in group.inputs if hasattr(each, "title"))
    for each in group.plain_inputs:
        yield from (each.name, each.help)


def _spoken() -> Iterator[str]:
    """Whole texts that code writes on layouts, and that tell why something is greyed out."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (PACKAGE / "addon").rglob("*.py")]
    named = {
        target.id: each.value.value
        for tree in trees
        for each in tree.body
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    for call in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        given = {"needs": call.args[2:], "poll_message_set": call.args, "say": call.args[:1]}.get(name, [])
        if name in {"label", "operator", "prop", "_button"}:
            given = [each.value for each in call.keywords if each.arg == "text"]
        for each in given:
            text = each.value if isinstance(each, ast.Constant) else named.get(getattr(each, "id", ""))
            if isinstance(text, str) and len(text) > 1:
                yield text


def _sentences() -> Iterator[str]:
    """All sentences in the code but for its own documentation."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.relative_to(PACKAGE).as_posix().startswith(_ELSEWHERE):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        aside = {each.value for each in ast.walk(tree) if isinstance(each, ast.Expr)}
        aside |= {part for each in ast.walk(tree) if isinstance(each, ast.JoinedStr) for part in each.values}
        for node in ast.walk(tree):
            text = None if node in aside else _template(node)
            if text is not None and _is_sentence(text):
                yield text


def _template(node: ast.AST) -> str | None:
    """A text as it stands in the code, with single spaces and numbers in braces for what changes."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _single_spaced(node.value)
    if isinstance(node, ast.JoinedStr):
        places = iter(range(len(node.values)))
        parts = [each.value if isinstance(each, ast.Constant) else f"{{{next(places)}}}" for each in node.values]
        return _single_spaced("".join(map(str, parts)))
    return None


def _is_sentence(text: str) -> bool:
    if not re.match(r"[A-Z“{\d]", text) or " " not in text or text.endswith("...") or len(text) < 10:
        return False
    if re.fullmatch(r"[\s{}\d.,;:“”()]*", text):  # only puts others together
        return False
    return text.endswith((".", "?")) or (bool(re.search(r"\{\d\}$", text)) and len(re.findall(r"\w{2,}", text)) > 4)


def _single_spaced(text: str) -> str:
    return str(skyar("addon.translations").single_spaced(text))
