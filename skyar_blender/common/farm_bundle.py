# SPDX-License-Identifier: GPL-3.0-or-later
"""A job for a render farm: a folder with an Open Job Description template, which several farms take.

The template's form: Open Job Description, "How Jobs Are Constructed" and its 2023-09 template schemas.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..contract.job import Job
from ..contract.part import PART_FRAMES, parts_of
from .new_file import put_file

#: Names of the files in a bundle.
TEMPLATE = "template.json"
VALUES = "parameter_values.json"
JOB = "job.json"
#: A parameter of a step may have so many values, and the name of a job so many characters.
_MOST_PARTS = 1024
_LONGEST = 128


@dataclass(frozen=True)
class FarmBundle:
    """``frames`` of ``job``, cut into parts of ``part_frames``; longer ones where a farm could not take so many."""

    job: Job
    frames: int
    part_frames: int = PART_FRAMES

    @property
    def parts(self) -> list[str]:
        """Each as ``skyar part`` takes it."""
        size = max(self.part_frames, -(-self.frames // _MOST_PARTS))
        return [str(part) for part in parts_of(self.frames, size)]

    def template(self) -> dict[str, Any]:
        """The template: one task looks the whole clip over, then one for each part, then one that joins them."""
        clip, sky = Path(self.job.clip.path), self.job.sky
        name = f"SkyAR {clip.stem}" + (f" {Path(sky.source).stem}" if sky is not None else "")
        return {
            "specificationVersion": "jobtemplate-2023-09",
            "name": "".join(each for each in name if each.isprintable())[:_LONGEST],
            "parameterDefinitions": [
                {
                    "name": "SkyAR",
                    "type": "STRING",
                    "default": "skyar",
                    "description": "The command skyar as the machines of the farm find it.",
                },
                {
                    "name": "Job",
                    "type": "PATH",
                    "objectType": "FILE",
                    "dataFlow": "IN",
                    "default": JOB,
                    "description": "What is to be done; the clip and the sky in it must be there on every machine.",
                },
                {
                    "name": "Output",
                    "type": "PATH",
                    "objectType": "DIRECTORY",
                    "dataFlow": "INOUT",
                    "description": "Folder for the result, which all machines share.",
                },
            ],
            "steps": [
                {"name": "Analysis", "script": _runs("analyse", "{{Param.Job}}", "--output", "{{Param.Output}}")},
                {
                    "name": "Parts",
                    "dependencies": [{"dependsOn": "Analysis"}],
                    "parameterSpace": {
                        "taskParameterDefinitions": [{"name": "Part", "type": "STRING", "range": self.parts}]
                    },
                    "script": _runs("part", "{{Param.Output}}", "{{Task.Param.Part}}"),
                },
                {
                    "name": "Join",
                    "dependencies": [{"dependsOn": "Parts"}],
                    "script": _runs("join", "{{Param.Output}}"),
                },
            ],
        }

    def values(self) -> dict[str, Any]:
        """Values of the template's parameters, as job bundles of Deadline Cloud have them: a path has no default."""
        return {"parameterValues": [{"name": "Output", "value": self.job.output}]}

    def write(self, folder: Path) -> None:
        """Write job, template and values into ``folder``. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        put_file(folder / JOB, self.job.to_json().encode(), folder)
        for name, content in ((TEMPLATE, self.template()), (VALUES, self.values())):
            put_file(folder / name, (json.dumps(content, indent=1) + "\n").encode(), folder)


def _runs(*words: str) -> dict[str, Any]:
    """What a step does: the command skyar with these words."""
    return {"actions": {"onRun": {"command": "{{Param.SkyAR}}", "args": list(words)}}}
