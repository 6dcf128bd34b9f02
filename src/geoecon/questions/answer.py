"""The answer to a question: one message, one picture, three numbers, one warning; then the questions one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoecon.countries import named
from geoecon.draws import Draws
from geoecon.figure import Array, Figure, cite
from geoecon.line import QUESTIONS, STAGES, Assessment
from geoecon.message import Message
from geoecon.message import phrases as say
from geoecon.questions.assumed import PRIOR
from geoecon.questions.grounds import rests_on
from geoecon.questions.message import WHATEVER, message_of
from geoecon.questions.prefill import WORDS, Prefilled
from geoecon.questions.ranks import moves_loss, noise
from geoecon.questions.rows import Rows
from geoecon.questions.wording import Wording
from geoecon.result import Result, Sample
from geoecon.spoken import money, percent

if TYPE_CHECKING:
    import altair as alt


def _days(days: float) -> str:
    return "1 day" if round(days) == 1 else f"{round(days)} days"


@dataclass(frozen=True, eq=False)
class Answer(Result):
    """What the line says about a question. `assessment` holds every stage; `made` the files of the case behind it."""

    asked: Wording
    rows: Rows
    made: Prefilled
    assessment: Assessment
    parameters: Draws

    METHOD: ClassVar[str] = (
        "The question becomes a case: trade rows of the pair, the world input-output table of 2022 cut to the states\n"
        "that matter, pacts, incomes, one measure, and priors; every stage of the line runs on it. Each figure says\n"
        "what it rests on: data on this pair, precedents (what followed real cut-offs and disputes), or general priors."
    )

    @property
    def sources(self) -> frozenset[str]:
        return self.assessment.sources

    @property
    def notes(self) -> tuple[str, ...]:
        """What had to be supposed, and what the reader of a trade file says."""
        return self.made.notes

    @property
    def names(self) -> tuple[str, str]:
        senders = [named(place.name) for place in (self.asked.sender, *self.asked.allies)]
        together = senders[0] if len(senders) == 1 else f"{', '.join(senders[:-1])} and {senders[-1]}"
        return together, named(self.asked.target.name)

    @property
    def title(self) -> str:
        """The question as it was read, in one line."""
        how = WORDS.get(self.asked.instrument or "ban", "stops")
        part = f" by {percent(self.asked.cut)}" if self.asked.cut is not None and self.asked.cut < 1 else ""
        if self.asked.duty is not None:
            rate = percent(self.asked.duty)
            how = f"{how.removesuffix(' on')} of {rate} on" if how.endswith(" on") else f"{how} at {rate}"
        if self.asked.good.is_service:
            how, good = "keeps", f"its travellers from {self.names[1]}"
        elif self.asked.buying:
            good = f"{self.asked.good.name} from {self.names[1]}"
        else:
            good = f"{self.asked.good.name} to {self.names[1]}"
        if self.asked.instrument == "licence":
            how, good = "puts", f"{good} under licences"
        if part and self.asked.instrument in ("quota", "ban"):
            how = "cuts"
        if part and self.asked.instrument not in ("quota", "ban"):  # "refuses 40 % of wine from Australia"
            good, part = f"{percent(self.asked.cut)} of {good}" if self.asked.cut is not None else good, ""
        long = "" if self.asked.days is None else f", for {_days(self.asked.days)}"
        if self.asked.allies:  # several act
            verb, _, rest = how.partition(" ")
            how = " ".join(filter(None, (verb.removesuffix("es" if verb == "taxes" else "s"), rest)))
        return f"{self.names[0]} {how} {good}{part} from {self.assessment.case.start}{long}"

    @cached_property
    def message(self) -> Message:
        """What every door prints first."""
        return message_of(self)

    def sentence(self) -> str:
        """The message in one paragraph: what is supposed, what follows, whom it costs what, who gives way."""
        told = self.message
        said = f"{told.kicker} {told.title}. {told.lead} {told.second}".strip()
        return said.replace(say.NBSP, " ")

    def nothing_left(self) -> tuple[str, str]:
        """The headline and first sentences where nothing is bought any more: the rest is about the last year."""
        (sender, target), good = self.names, self.asked.good.name
        none = f"{sender} bought none of it" if self.asked.buying else f"It bought none from {sender}"
        act = ("refuse" if self.asked.buying else "stop") + ("" if self.asked.allies else "s")
        day = say.day(self.assessment.case.start)
        headline = f"{say.capital(target)} has no {good} to lose if {sender} {act} it today"
        after = f"What follows supposes a stop on {day}, after the last year with trade."
        return headline, f"{say.capital(none)} in {self.rows.none_in}. {after}"

    def sentences(self) -> list[str]:
        """The message, how much hangs on the pair, what comes instead, then one sentence a stage."""
        return [self.sentence(), self.share_words(), *self.assessment.sentences()]

    def share_words(self) -> str:
        """How much hangs on the pair, and how far that can be trusted."""
        buyer, seller = self.names if self.asked.buying else self.names[::-1]
        amount = money(self.rows.value * self.rows.share / 1e6)
        if self.asked.good.is_service:
            spent = f"{say.capital(say.whose(buyer))} travellers spent about {amount} in {seller} in {self.rows.year}"
            return f"{spent}, {percent(self.rows.share)} of what they spent abroad. That is a guess: see the notes."
        hedge = {
            "shares": " That is an estimate from who exports it to the world, and far off for some pairs.",
            "industry": " That is a guess from the trade of the whole industry, and far off for some pairs.",
        }.get(self.rows.basis, "")
        return (
            f"{say.capital(buyer)} took {percent(self.rows.share)} of its imports of {self.asked.good.name} "
            f"from {seller} in {self.rows.year}, worth {amount}.{hedge}"
        )

    @cached_property
    def sales_lost(self) -> Figure | None:
        """USD million of the target's sales to the sender that do not move and find no other buyer, by draw; None where
        the sender does not refuse to buy."""
        found = self.figure(f"disruption.sales_lost.{self.asked.target.code}")
        if found is None:
            return None
        label = f"sales of {self.names[1]} to {self.names[0]} lost and not made up elsewhere"
        return replace(found, label=label, sources=found.sources | {cite("ask-baci")})

    @cached_property
    def all_figures(self) -> dict[str, Figure]:
        return self.assessment.figures()

    def figure(self, key: str) -> Figure | None:
        return self.all_figures.get(key)

    @property
    def loss(self) -> Figure | None:
        """Value added that the target loses over the horizon."""
        return self.figure(f"disruption.lost_value_added.{self.asked.target.code}")

    @cached_property
    def imports(self) -> Figure | None:
        """Imports of the good from the sender in the first year, per cent: with what such forecasts have been wrong by,
        so that the band is no narrower than the record. None where the stage has no forecast of it."""
        key = "refused_change.ask-1" if self.asked.buying else f"imports_change.{self.asked.good.id}"
        return self.figure(f"controls.{key}")

    def figures(self) -> dict[str, Figure]:
        """The three numbers, then those of every stage."""
        own = frozenset(self.rows.frame["source_id"].map(cite))
        of = f"{self.asked.good.name} from {self.names[1 if self.asked.buying else 0]}"
        share = Figure(self.rows.share, "share of imports", self.rows.year, own, self.rows.basis == "rows",
                       label=of)  # fmt: skip
        found = {"share": share}
        if self.imports is not None:
            found["imports"] = self.imports
        loss = self.sales_lost if self.asked.buying else self.loss
        if loss is not None:
            found["loss"] = loss
        ending = self.figure(f"bargaining.target_concedes_by_month_{self.assessment.case.horizon_months}")
        if ending is not None:
            found["ending"] = replace(ending, label=f"{ending.label} ({WHATEVER})")
        if self.rows.none_in:  # today there is nothing; the rest is told of the last year with trade
            now = {"share": replace(share, value=0.0, period=self.rows.none_in, label=f"{of}, in {self.rows.none_in}")}
            then = {f"then_{key}": replace(one, label=f"{one.label}, a stop after {self.rows.year}")
                    for key, one in found.items()}  # fmt: skip
            found = now | then
        return found | self.all_figures

    def numbers(self) -> dict[str, Figure]:
        """The numbers of the first screen."""
        return {key: one for key, one in self.figures().items() if key not in self.all_figures}

    def samples(self) -> Mapping[str, Sample]:
        return {}

    def to_frame(self) -> pd.DataFrame:
        """One row a figure: stage, label, value, low, high, unit, period, rests_on (pair, precedents, priors)."""
        rows = [
            (key.split(".")[0], one.label, one.value, one.low, one.high, one.unit, one.period, self.rests_on(one))
            for key, one in self.all_figures.items()
        ]
        columns = ["stage", "label", "value", "low", "high", "unit", "period", "rests_on"]
        return pd.DataFrame(rows, columns=columns)

    def summary(self) -> pd.DataFrame:
        """The three numbers and what they rest on."""
        rows = [(one.label, str(one), self.rests_on(one)) for one in self.numbers().values()]
        return pd.DataFrame(rows, columns=["number", "value", "rests on"])

    def rests_on(self, figure: Figure) -> str:
        """What a figure rests on, by its sources."""
        return rests_on(figure, self.rows.basis)

    def assumptions(self) -> pd.DataFrame:
        """Every assumption of the question: name, low, central, high, unit, from, moves, how to better it.

        `moves` is the squared rank correlation of its draws with the loss, the largest first: what more work on it
        could teach about this very question. Missing where it lies within what chance gives in so many draws; general
        priors within it are left out.
        """
        outcome, made = self._outcome(), {one.name for one in self.made.assumptions}
        rows: list[tuple[object, ...]] = []
        for one in self.made.assumptions:
            moves = moves_loss(self.parameters, one.name, outcome)
            told = moves if moves > noise(self.parameters.n, 1) else np.nan
            rows.append((one.name, one.low, one.central, one.high, one.unit, one.origin, told, one.better))
        priors = {name: one for name, one in self.parameters.parameters.items()
                  if name not in made and one.low < one.high and self._concerns(name)}  # fmt: skip
        for name, parameter in priors.items():
            moves = moves_loss(self.parameters, name, outcome)
            if moves > noise(self.parameters.n, len(priors)):
                rows.append((name, parameter.low, parameter.central, parameter.high, parameter.unit, PRIOR, moves,
                             f"a row {name.partition('.')[0]}.{self.asked.good.id} with its source"))  # fmt: skip
        columns = ["name", "low", "central", "high", "unit", "from", "moves", "how to better it"]
        return pd.DataFrame(rows, columns=columns).sort_values("moves", ascending=False, ignore_index=True)

    def _concerns(self, name: str) -> bool:
        """Whether a parameter may hold for this question: general, or named for one of its goods, states or codes."""
        of = name.partition(".")[2]
        case = self.assessment.case
        named = {one.id for one in case.products} | {state.code for state in case.states}
        codes = [code for product in case.products for code in product.hs]
        return not of or of in named or (of.startswith("hs") and any(code.startswith(of[2:]) for code in codes))

    def _outcome(self) -> Array | None:
        result = self.assessment.results.get("disruption")
        sample = None if result is None else result.samples().get(f"lost_value_added.{self.asked.target.code}")
        if sample is not None:
            return np.asarray(sample.values, float)
        lost = getattr(result, "lost_value_added", None)
        if lost is None or self.asked.target.code not in lost["region"].values:
            return None
        return np.asarray(lost.sel(region=self.asked.target.code).values, float)

    def warning(self) -> str:
        """The one thing to know before believing it."""
        rest = [one for one in self.made.assumptions if one.status == "memory"]
        verb = "rests" if len(rest) == 1 else "rest"
        first = f"{len(rest)} of {len(self.made.assumptions)} assumptions about the good {verb} on memory or spread."
        if self.made.lasts:
            first = f"{say.capital(self.made.lasts)}. {first}"
        if self.rows.basis != "rows":
            first = "There are no trade rows of this product: shares are estimates. " + first
        loss = self.sales_lost if self.asked.buying else self.loss
        if loss is not None and loss.draws_low is not None:
            held = "The bands hold what such forecasts have been wrong by: eight times in ten it lies inside."
            return f"{first} {held} Chances are shares of the runs, without past error."
        return first + " The band of the loss holds the assumptions alone, as no past case lets it be checked."

    def resting(self) -> list[str]:
        """What each number of the message rests on, in their order."""
        return [self._rests(tile.stage) for tile in self.message.tiles]

    def _rests(self, stage: str) -> str:
        first = next((one for key, one in self.all_figures.items() if key.startswith(f"{stage}.")), None)
        return "" if first is None else self.rests_on(first)

    def how(self) -> list[str]:
        """How we know: the sentence of every stage, or why it did not run, in the order of the questions."""
        return [
            self.assessment.results[name].sentence() if name in self.assessment.results else self.not_run(name)
            for key in QUESTIONS
            for name, stage in STAGES.items()
            if stage.question == key and (name in self.assessment.results or name in self.assessment.skipped)
        ]

    def chart(self) -> alt.VConcatChart:
        return self.assessment.chart()

    def not_run(self, stage: str) -> str:
        """Why a stage has no result, in words."""
        reason = self.assessment.skipped[stage]
        if self.asked.buying and stage in ("trade", "scan", "precedents", "catchup"):
            reason = f"it measures what {self.names[1]} buys, and here {self.names[0]} refuses to buy"
        if self.asked.good.is_service and stage in ("precedents", "welfare"):
            reason = "it knows goods that cross a border, and travellers buy where they are"
        if stage == "alliance" and self.made.patron is None:
            reason = next((note for note in self.made.notes if note.startswith("no patron")), reason)
        return f"{STAGES[stage].title}: not run, {reason}."
