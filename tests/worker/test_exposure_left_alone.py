# SPDX-License-Identifier: GPL-3.0-or-later
"""The clip's exposure is measured where the new sky is to follow it, and not read again for nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from skyar_blender.contract.job import Look
from skyar_blender.contract.layout import OutputFolder


@pytest.mark.parametrize("match", [0.0, 0.5])
def test_it_is_measured_where_it_counts(make_movie, job_for, run, match) -> None:
    job = job_for(make_movie(images=2), until="sky")
    run(replace(job, settings=replace(job.settings, look=Look(exposure_match=match))))
    assert (OutputFolder(Path(job.output)).state / "exposure.json").exists() == (match > 0)
