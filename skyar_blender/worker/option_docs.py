# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m skyar_blender.worker.option_docs docs``: the table of options and the JSON schemas of job and report,
written from their declarations (:mod:`skyar_blender.contract.option`, :mod:`skyar_blender.contract.report`)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from ..common.option_lookup import OPTIONS, PARTS
from ..contract.job import Job
from ..contract.option import Option
from ..contract.report import Report
from ..engine.media.atomic import write_text_atomically

_HEAD = """\
# Options

Written by `python -m skyar_blender.worker.option_docs docs` from the declaration in `skyar_blender/contract/`;
`tests/worker/test_option_docs.py` tells when it is out of date. `job.schema.json` beside it is the same for programs.

*Option* is the name on the command line, with `--` before it and dashes in place of underscores, and in scripts of
Blender, where angles are radians. *In a job* is its place in `job.json`, always in the unit given here; `null` there,
and `auto` on the command line, let SkyAR find the value. *Made anew* is the first thing that another value lets SkyAR
make again; what comes after it follows.
"""
_BLENDER = {
    "sidebar": "sidebar, dialogs",
    "dialog": "dialogs",
    "sliders": "slider of the result",
    "strip": "the strip says it",
    "preferences": "preferences",
    "nowhere": "",
}


def option_table() -> str:
    """The options as Markdown, group by group."""
    groups = dict.fromkeys(each.group for each in OPTIONS.values())
    parts = [_HEAD]
    for group in groups:
        parts.append(
            f"## {group}\n\n| Option | Meaning | Range | Default | Taken by | In Blender | In a job | Made anew |"
        )
        parts[-1] += "\n|---|---|---|---|---|---|---|---|\n"
        parts[-1] += "".join(_row(each) for each in OPTIONS.values() if each.group == group)
    return "\n".join(parts)


def job_schema() -> str:
    """The JSON schema of ``job.json``."""
    schema = _schema(Job)
    for option in OPTIONS.values():
        owner = schema["$defs"][PARTS[option.part].__name__]
        described = owner["properties"][option.field]
        described |= {"title": option.label, "description": f"{option.help}."}
        if option.unit:
            described["description"] = f"{option.help} ({option.unit})."
        for number in _numbers(described):
            number |= {"minimum": option.low, "maximum": option.high} if option.low is not None else {}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def report_schema() -> str:
    """The JSON schema of ``report.json``."""
    return json.dumps(_schema(Report), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    write_text_atomically(folder / "options.md", option_table())
    write_text_atomically(folder / "job.schema.json", job_schema())
    write_text_atomically(folder / "report.schema.json", report_schema())


def _schema(document: type) -> dict[str, Any]:
    schema = msgspec.json.schema(document)
    for part in schema["$defs"].values():
        if part.get("description"):  # the rest of a docstring is for who reads the code
            part["description"] = " ".join(part["description"].split("\n\n")[0].split())
    return schema


def _row(option: Option) -> str:
    unit = f" {option.unit}" if option.unit else ""
    if option.choices:
        values = ", ".join(f"`{value}`" for value in option.choices)
    elif option.low is not None:
        values = f"{option.low:g} to {option.high:g}{unit}"
    else:
        values = {"switch": "yes or no", "text": "a path" if option.is_file else "text"}.get(option.kind, "")
    place = f"settings.{option.part}" if option.part == "look" else "" if option.part == "job" else option.part
    cells = (
        f"`{option.name}`",
        option.help,
        values,
        _default(option),
        ", ".join(option.verbs),
        _BLENDER[option.shown],
        f"`{'.'.join(filter(None, (place, option.field)))}`",
        option.affects,
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _default(option: Option) -> str:
    value = option.default
    if option.from_sky:
        usual = "as the sky"
    elif option.automatic is not None:
        usual = "auto"
    elif isinstance(value, bool):
        usual = "yes" if value else "no"
    elif isinstance(value, list):
        usual = ",".join(f"{each:g}" for each in value)
    else:
        usual = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    others = [f"{verb}: {_word(other)}" for verb, other in option.verb_defaults.items()]
    return "; ".join(filter(None, (usual, *others)))


def _word(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _numbers(described: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts of a property's schema that are numbers."""
    parts = [*described.get("anyOf", ()), *([described["items"]] if "items" in described else []), described]
    return [each for each in parts if each.get("type") in ("number", "integer")]


if __name__ == "__main__":
    main()
