"""What a shipment needs on a day, with the rows that led there; and the same over time as a step function."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from geoecon.figure import Figure
from geoecon.law import schema, told, verdicts
from geoecon.law.bands import band_chart
from geoecon.law.schema import UNKNOWN
from geoecon.law.verdicts import Verdict
from geoecon.law.working_days import due, unannounced
from geoecon.result import Result

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from geoecon.kinds import Value


NOT_LEGAL_ADVICE = "Not legal advice: read from public texts with the gaps that each regime names."


@dataclass(frozen=True)
class Licence(Result):
    """The answer for one day. `kind` is a kind of `kinds.csv`, or "unknown" where the tables do not reach."""

    regime: str
    item: str  # as asked, its code
    destination: str
    on: date
    kind: str
    code: str  # item that the facts lead to, e.g. UNLISTED below a threshold
    exporter: str = ""
    title: str = ""  # what the list calls the goods
    authority: str | None = None  # office that decides
    ground: str | None = None  # row that decides
    clause: str | None = None
    source: str | None = None  # citation in words
    verified: bool = True
    licence_type: str | None = None
    condition: str | None = None  # of the ground, where it was not said whether it holds
    fallback: str | None = None  # kind where the condition of the ground is not met
    not_read: str | None = None  # a duty of another law on the same goods that no table holds, in words
    options: tuple[tuple[str, str, str], ...] = ()  # (row, lighter kind, condition that was not said)
    review_days: float | None = None
    day_kind: str | None = None
    clock_start: str | None = None
    validity_days: float | None = None
    documents: float | None = None
    review_policy: str | None = None
    catch_all: str = "not covered"  # applies, exempt or not covered
    groups: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()  # every row that matched
    reasons: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # facts that would settle or change the answer
    suspended: tuple[str, ...] = ()
    announced: tuple[str, ...] = ()
    reported: tuple[str, ...] = ()  # statements: shown beside, never deciding
    party: tuple[str, ...] = ()  # what the party lists say about the name given
    reach: tuple[str, ...] = ()
    known_through: date | None = None
    last_known: str | None = None  # beside an unknown: the last answer that was known, and until when
    presumed: bool = False  # last read on `known_through`, no change looked for since: never known
    choices: tuple[tuple[str, str, str], ...] = ()  # (code, title, kind) of what `missing` names, of words for several
    also: tuple[str, ...] = ()  # what other regimes that bind the place say
    coming: tuple[str, ...] = ()  # dated changes to come that touch the row that decides

    METHOD: ClassVar[str] = (
        "The exporter's place gives the regime; facts may lead to another item; group membership on the day; rows in\n"
        "force less suspended ones; the strictest requirement wins unless an exception is met; no row is unknown,\n"
        "never 'no licence'. Validity is half open: valid_from counts, valid_to does not. " + NOT_LEGAL_ADVICE
    )

    @property
    def at_home(self) -> bool:
        """Whether the goods stay in the exporter's country, so that there is no export."""
        return self.exporter == self.destination

    @property
    def known(self) -> bool:
        return self.kind != UNKNOWN and not self.presumed

    @property
    def verdict_of(self) -> Verdict:
        """One of the six verdicts, `presumed` a mark on it; that of the stricter kind until a condition is said."""
        return verdicts.verdict(self.asks, self.review_policy)

    @property
    def asks(self) -> str:
        """The kind that holds as long as nothing is said of a condition that would make it lighter."""
        return str(self.fallback) if self.eased else self.kind

    @property
    def eased(self) -> bool:
        """Whether the kind is lighter than the one that holds without a condition of which nothing was said."""
        open_ = self.kind != UNKNOWN and self.condition and self.fallback
        return bool(open_) and schema.strictness(str(self.fallback)) > schema.strictness(self.kind)

    @property
    def verdict(self) -> str:
        return self.verdict_of.word

    @property
    def sources(self) -> frozenset[str]:
        return frozenset({self.source} if self.source else ())

    def is_kind(self, wanted: str) -> bool:
        """Whether the kind is the wanted one or of the wanted family ("bulk" is any bulk licence)."""
        return schema.is_kind(self.kind, wanted)

    def decision_by(self) -> date | None:
        """Last day of the published review of a complete application filed on that day; None where none is published.

        Working days follow the calendar of the exporter's place.
        """
        if self.review_days is None or self.day_kind is None:
            return None
        return due(self.exporter, self.on, int(self.review_days), self.day_kind)

    def decision_note(self) -> str:
        """Why the last day of the review may still move; empty where it does not."""
        last = self.decision_by()
        return unannounced(self.exporter, last, self.day_kind) if last else ""

    def sentence(self) -> str:
        """The answer in words: what is needed, how long it takes, the rule, what is presumed or stands in the way."""
        return told.answer(self)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; absence is None, days are ISO."""
        found: dict[str, Any] = {}
        for entry in fields(self):
            value = getattr(self, entry.name)
            value = value.isoformat() if isinstance(value, date) else value
            found[entry.name] = list(value) if isinstance(value, tuple) else value
        last = self.decision_by()
        return found | {
            "known": self.known, "verdict": self.verdict, "asks": self.asks,
            "decision_by": last.isoformat() if last else None, "decision_note": self.decision_note(),
            "note": NOT_LEGAL_ADVICE,
        }  # fmt: skip

    def fields_told(self) -> list[tuple[str, Value]]:
        """(field, value) of what the answer holds, lists in words."""

        def said(value: Value) -> Value:
            if isinstance(value, list | tuple):
                return (", " if isinstance(value, list) else ": ").join(str(said(part)) for part in value)
            return value

        shown = {key: said(value) for key, value in self.to_dict().items()}
        return [(key, value) for key, value in shown.items() if value not in (None, "")]

    def to_frame(self) -> pd.DataFrame:
        """The answer and its reasons, one line each."""
        import pandas as pd

        return pd.DataFrame(self.fields_told(), columns=["field", "value"])

    def summary(self) -> pd.DataFrame:
        """What people ask first in words, twelve rows at most; `to_frame` holds the fields as they are."""
        frame = self.to_frame()
        order = ["verdict", "kind", "fallback", "review_days", "decision_by", "clause", "source", "authority", "party",
                 "missing", "known_through", "last_known", "note"]  # fmt: skip
        frame = frame[frame["field"].isin(order)].set_index("field").reindex(order).dropna().reset_index().head(12)
        said = {name: told.in_field(name, value) for name, value in frame.itertuples(index=False)}
        said |= {"missing": told.open_questions(self.missing)} if self.missing else {}
        return frame.assign(field=frame["field"].str.replace("_", " "), value=list(said.values()))

    def figures(self) -> dict[str, Figure]:
        days = Figure(self.review_days, f"{self.day_kind or 'calendar'} days", self.on.isoformat(), self.sources,
                      self.verified, label="published review time")  # fmt: skip
        return {"review_days": days} if self.review_days is not None else {}


def _said(answer: Licence) -> str:
    """The kind in words, marked where it is only presumed."""
    return answer.kind.replace("_", " ") + (" (presumed)" if answer.presumed else "")


@dataclass(frozen=True)
class LicenceStates(Result):
    """Licence state over time. `steps` are (from, to excluded or None, answer on the first day), without gaps; `days`
    are the days on which anything that is told may change, with the answer of each."""

    regime: str
    item: str
    destination: str
    steps: tuple[tuple[date, date | None, Licence], ...]
    sources: frozenset[str] = field(default_factory=frozenset)
    days: tuple[tuple[date, Licence], ...] = field(default=(), repr=False)

    METHOD: ClassVar[str] = Licence.METHOD

    def at(self, on: date) -> Licence:
        """The answer on a day: a slice of the step function."""
        from dataclasses import replace

        held = self.days or tuple((start, answer) for start, _, answer in self.steps)
        at = bisect_right(held, on, key=lambda pair: pair[0])
        if at:
            return replace(held[at - 1][1], on=on)
        return Licence(self.regime, self.item, self.destination, on, UNKNOWN, self.item,
                       reasons=(f"before the first rule ({held[0][0]})",))  # fmt: skip

    def kinds(self) -> list[tuple[date, date | None, str]]:
        """Steps of the kind alone, neighbours of equal kind joined; what is only presumed is unknown here."""
        found: list[tuple[date, date | None, str]] = []
        for start, end, answer in self.steps:
            kind = answer.kind if answer.known else UNKNOWN
            if found and found[-1][2] == kind:
                found[-1] = (found[-1][0], end, kind)
            else:
                found.append((start, end, kind))
        return found

    def to_frame(self) -> pd.DataFrame:
        """One row a step: from, to (excluded), kind, ground, clause, review, missing facts, source."""
        import pandas as pd

        own = ("kind", "presumed", "fallback", "ground", "clause", "review_days", "day_kind", "catch_all")
        last = ("known_through", "source")
        rows = [
            (start, end, *(getattr(answer, name) for name in own), ", ".join(answer.missing),
             *(getattr(answer, name) for name in last))
            for start, end, answer in self.steps
        ]  # fmt: skip
        names = ["from", "to", *own, "missing", *last]
        return pd.DataFrame(rows, columns=names)

    def summary(self) -> pd.DataFrame:
        """The latest twelve steps, each kind as the sentence says it, of what is presumed with the last day read."""
        frame = self.to_frame().assign(kind=[_said(answer) for _, _, answer in self.steps])
        frame["last read"] = [answer.known_through if answer.presumed else None for _, _, answer in self.steps]
        return frame[["from", "to", "kind", "last read", "fallback", "clause", "catch_all"]].tail(12)

    def figures(self) -> dict[str, Figure]:
        """Number of changes, and the published review time of each kind that has one."""
        steps = [(start, answer) for start, _, answer in self.steps if answer.known]
        period = f"{self.steps[0][0].isoformat()} to {self.steps[-1][0].isoformat()}"
        kinds = [kind for _, _, kind in self.kinds() if kind != UNKNOWN]
        verified = all(answer.verified for _, answer in steps)
        label = f"changes of the licence for {self.item} to {self.destination}"
        found = {
            "changes": Figure(float(max(0, len(kinds) - 1)), "changes", period, self.sources, verified, label=label)
        }
        for _, answer in steps:
            found |= {f"review_days.{answer.kind}": figure for figure in answer.figures().values()}
        return found

    def spells(self) -> list[tuple[date, date | None, str]]:
        """Steps of the kind in words, neighbours of the same words joined: known, presumed, unknown, as the answers of
        these days."""
        found: list[tuple[date, date | None, str]] = []
        for start, end, answer in self.steps:
            words = _said(answer)
            if found and found[-1][2] == words:
                found[-1] = (found[-1][0], end, words)
            else:
                found.append((start, end, words))
        return found

    def sentence(self) -> str:
        """The states one after the other, with the day from which each holds."""
        return told.states(self)

    def chart(self) -> alt.VConcatChart:
        """Dated bands of the kind, one line."""
        return band_chart(f"{self.item} to {self.destination}", self)
