# SPDX-License-Identifier: GPL-3.0-or-later
"""What one look over the whole clip told: black bars and fade of each source frame, burnt-in graphics, dissolves."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from ...engine.survey.bars import Bars
from ...engine.survey.fades import Fade
from ...engine.survey.graphics import Graphic, wiped
from ...engine.types import FrameRGB
from .dissolve_frames import DissolveFrames


@dataclass(frozen=True)
class Survey:
    """By source frame; those that are not named have no bars, and are not faded. Blurred sides count as bars.

    ``cut_fades``: frames in use, at the beginning and at the end, that look like a fade that is cut off.
    """

    bars: dict[int, Bars] = field(default_factory=dict)
    fades: dict[int, Fade] = field(default_factory=dict)
    graphics: tuple[Graphic, ...] = ()
    blurred_sides: bool = False
    dissolves: tuple[DissolveFrames, ...] = ()
    cut_fades: tuple[int, int] = (0, 0)

    def bars_of(self, source: int) -> Bars:
        return self.bars.get(source, Bars())

    def fade_of(self, source: int) -> Fade:
        return self.fades.get(source, Fade())

    def dissolve_of(self, source: int) -> DissolveFrames | None:
        """The dissolve in which a source frame shows two shots, or None."""
        return next((each for each in self.dissolves if source in each.sources), None)

    def analysed(self, source: int, frame: FrameRGB) -> FrameRGB:
        """``frame`` as it is to be looked at: without fade and graphics, the image drawn out over the bars."""
        return self.bars_of(source).filled(wiped(self.fade_of(source).undone(frame), self.graphics))

    @property
    def plain(self) -> bool:
        """Whether each frame is looked at as it is, and shows one shot: no bars, fades, graphics or dissolves."""
        return not (self.bars or self.fades or self.graphics or self.dissolves)

    @property
    def keeps_some(self) -> bool:
        """Whether any part of any frame is to stay as it was filmed."""
        return bool(self.bars or self.graphics) or any(fade.blank for fade in self.fades.values())

    def whole(self, sources: list[int]) -> list[int]:
        """Those of ``sources`` that are not faded and show one shot; all of them where none does."""
        seen = [source for source in sources if self.fade_of(source).whole]
        return [source for source in seen if self.dissolve_of(source) is None] or seen or sources

    def stand_ins(self, sources: list[int]) -> list[int]:
        """For each of ``sources`` itself, for a blank one the last before it that is not, or else the first.

        For one that shows two shots, the nearer whole frame of either. Where nothing is seen nothing can be followed,
        nor does it matter where the camera looks.
        """
        seen = [source for source in sources if not self.fade_of(source).blank]
        last = seen[0] if seen else None
        found = []
        for source in sources:
            dissolve = self.dissolve_of(source)
            seen_there = source if dissolve is None else dissolve.stand_in(source)
            last = seen_there if last is None or not self.fade_of(source).blank else last
            found.append(last)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for JSON."""
        return {
            "bars": {str(source): list(bars.sides) for source, bars in self.bars.items()},
            "fades": {str(source): [fade.fraction, fade.white] for source, fade in self.fades.items()},
            "blurred_sides": self.blurred_sides,
            "graphics": [asdict(each) for each in self.graphics],
            "cut_fades": list(self.cut_fades),
            "dissolves": [each.to_dict() for each in self.dissolves],
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Survey:
        """Read what :meth:`to_dict` gave."""
        cut = stored.get("cut_fades", (0, 0))
        return cls(
            {int(source): Bars(*sides) for source, sides in stored["bars"].items()},
            {int(source): Fade(*fade) for source, fade in stored["fades"].items()},
            tuple(Graphic(tuple(each["box"]), tuple(map(tuple, each["colours"]))) for each in stored["graphics"]),
            bool(stored["blurred_sides"]),
            tuple(DissolveFrames.from_dict(each) for each in stored.get("dissolves", [])),
            (int(cut[0]), int(cut[1])),
        )
