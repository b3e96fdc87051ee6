# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written from the options' declaration is current."""

from __future__ import annotations

from support.jobs import ROOT

from skyar_blender.worker.option_docs import job_schema, option_table, report_schema

_AGAIN = "run: make generated"


def test_the_documents_are_current():
    assert (ROOT / "docs" / "options.md").read_text(encoding="utf-8") == option_table(), _AGAIN
    assert (ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8") == report_schema(), _AGAIN
    assert (ROOT / "docs" / "job.schema.json").read_text(encoding="utf-8") == job_schema(), _AGAIN
