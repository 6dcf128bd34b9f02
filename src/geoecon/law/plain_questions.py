"""Fourteen plain questions, no facts beyond the places, asked for one day: how far the tables answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from geoecon import countries
from geoecon.law.answer import NOT_LEGAL_ADVICE, Licence
from geoecon.law.decision import licence, to_day
from geoecon.law.regime import Regime
from geoecon.result import Result
from geoecon.tables import packaged

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class PlainQuestions(Result):
    """The answers to the questions of `plain_questions.csv` on a day, in their order."""

    on: date
    asked: tuple[Mapping[str, str], ...]
    answers: tuple[Licence, ...]

    SHOWN: ClassVar[int] = 14
    METHOD: ClassVar[str] = "Each question is asked alone, by places and goods, nothing else said. " + NOT_LEGAL_ADVICE

    @property
    def sources(self) -> frozenset[str]:
        return frozenset[str]().union(*(answer.sources for answer in self.answers))

    def to_frame(self) -> pd.DataFrame:
        """One row a question: from, to, goods as asked, verdict, whether presumed, rule, the last day read, why."""
        import pandas as pd

        rows = [
            (countries.name(answer.exporter), countries.name(answer.destination), asked["item"], answer.verdict,
             "yes" if answer.presumed else "no", answer.clause or "", answer.known_through, answer.reasons[0])
            for asked, answer in zip(self.asked, self.answers, strict=True)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["from", "to", "goods", "verdict", "presumed", "rule", "last read", "why"])

    def summary(self) -> pd.DataFrame:
        return self.to_frame()[["from", "to", "goods", "verdict", "presumed", "last read"]]

    def figures(self) -> dict[str, Any]:
        return {}

    def sentence(self) -> str:
        words = (answer.verdict + (" (presumed)" if answer.presumed else "") for answer in self.answers)
        told = ", ".join(f"{count} {word}" for word, count in Counter(words).most_common())
        return f"Of {len(self.answers)} plain questions on {self.on.isoformat()}: {told}. {NOT_LEGAL_ADVICE}"


def plain_questions(on: date | str | None = None, regimes: Mapping[str, Regime] | None = None) -> PlainQuestions:
    """The answers of a day, today if none is given. Raises InputError for what is no day."""
    day = to_day(on) if on is not None else date.today()
    asked = tuple(packaged("law/regimes", "plain_questions.csv"))
    answers = (
        licence(regimes, exporter=one["exporter"], destination=one["destination"], item=one["item"], on=day)
        for one in asked
    )
    return PlainQuestions(day, asked, tuple(answers))
