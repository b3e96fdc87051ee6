# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stages of a running job return for its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from ...contract.report import (
    Figures,
    FrameFigures,
    LightFigures,
    MatteFigures,
    NoiseFigures,
    RunFigures,
    SkyFigures,
    StageRow,
    SurveyFigures,
    TrackFigures,
)

Part = RunFigures | SurveyFigures | MatteFigures | TrackFigures | SkyFigures | LightFigures | NoiseFigures


@dataclass(frozen=True)
class StageReport:
    """What a stage tells of itself.

    Attributes:
        rows: of each step that it went through.
        figures: of the whole job.
        frames: one value per frame of the job, by the names of :class:`~skyar_blender.contract.report.FrameFigures`.
    """

    rows: dict[str, StageRow] = field(default_factory=dict)
    figures: Sequence[Part] = ()
    frames: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    def __add__(self, other: StageReport) -> StageReport:
        return StageReport(self.rows | other.rows, (*self.figures, *other.figures), {**self.frames, **other.frames})


class Gathered:
    """All that was told so far."""

    def __init__(self) -> None:
        self.rows: dict[str, StageRow] = {}
        self._figures: dict[str, Any] = {}
        self._frames: dict[str, Sequence[Any]] = {}

    def take(self, reported: StageReport) -> None:
        """Take in what a stage returned."""
        self.rows |= reported.rows
        for part in reported.figures:
            self._figures |= {
                each.name: value for each in fields(part) if (value := getattr(part, each.name)) is not None
            }
        self._frames |= reported.frames

    @property
    def frame_names(self) -> set[str]:
        """What is told of each frame."""
        return set(self._frames)

    def figures(self) -> Figures:
        """Of the whole job."""
        return Figures(**self._figures)

    def frames(self, order: Sequence[int]) -> list[FrameFigures]:
        """Of each frame; ``order``: the source frame that each shows."""
        return [
            FrameFigures(
                index=index,
                source_frame=source,
                **{name: values[index] for name, values in self._frames.items()},
            )
            for index, source in enumerate(order)
        ]
