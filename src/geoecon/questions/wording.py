"""What a question says: who acts on whom, with what, on which good, from when and how long; and what it may not say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from geoecon import countries
from geoecon.errors import InputError
from geoecon.lexicon import Good, Place
from geoecon.questions.acts import BUYS, SELLS
from geoecon.questions.sides import measured

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from geoecon.kinds import Option


INSTRUMENTS = ("ban", "licence", "quota", "export-tax", "tariff", "import-ban", "boycott")
BUYING = ("tariff", "import-ban", "boycott")  # the sender buys; the good is the target's
RATED = ("tariff", "export-tax")  # measures whose size is a rate
NO_VERB = "no verb says what is done"
HALVED = 0.5  # of a quota whose size nobody said
NO_VERB = "no verb says what is done"


@dataclass(frozen=True)
class Wording:
    """What a question says. `cut` is the share of the flow that is withheld, `duty` a rate; None where it does not say;
    `days` how long, None for an unknown end; `side` whether the words say that the sender sells or buys."""

    text: str
    sender: Place
    target: Place
    good: Good
    instrument: str | None = None
    cut: float | None = None
    duty: float | None = None
    start: date | None = None
    days: float | None = None
    notes: tuple[str, ...] = ()
    allies: tuple[Place, ...] = ()  # who withhold with the sender, who leads
    side: str = ""

    @property
    def senders(self) -> str:
        """The names of all who act."""
        names = [place.name for place in (self.sender, *self.allies)]
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

    @property
    def buying(self) -> bool:
        return self.instrument in BUYING


def check(made: Wording) -> Wording:
    """The same, where it can be asked. Raises InputError for a sender that is the target, or one inside the other, and
    for a size that the measure does not have."""
    acting = [state for place in (made.sender, *made.allies) for state in place.states]
    both = set(acting) & set(made.target.states) | {state for state in acting if acting.count(state) > 1}
    faults = []
    if made.sender.code == made.target.code:
        faults.append(f"sender and target are both {made.sender.name}; allowed: two different states")
    elif both:
        twice = ", ".join(countries.name(state) for state in sorted(both))
        faults.append(f"{twice} would stand twice; allowed: each state once, by itself or in a group")
    if made.cut is not None and not 0 < made.cut <= 1:
        faults.append(f"cut {made.cut:g}; allowed: a share above 0 and up to 1, as 0.8 or 80 %")
    if made.duty is not None and not 0 < made.duty <= 20:
        faults.append(f"duty {made.duty:g}; allowed: a rate above 0 and up to 20, as 0.25 or 25 %")
    if made.instrument is not None and made.instrument not in INSTRUMENTS:
        faults.append(f"measure {made.instrument!r}; allowed: " + ", ".join(INSTRUMENTS))
    faults += _sizes(made)
    if faults:
        raise InputError(faults)
    return made


def _sizes(made: Wording) -> list[str]:
    """What is wrong with a rate or share beside the measure: each measure has one size, or none."""
    if made.duty is not None and made.cut is not None:
        return [f"duty {made.duty:g} and cut {made.cut:g}; allowed: one of them, a rate for a tariff or export tax, a "
                "share for a quota"]  # fmt: skip
    if made.duty is not None and made.instrument not in (*RATED, None):
        return [f"duty {made.duty:g} with {made.instrument}; allowed: a tariff or export-tax as the measure"]
    if made.cut is not None and made.instrument in (*RATED, "licence"):
        other = "a duty" if made.instrument in RATED else "no size: the office decides"
        return [f"cut {made.cut:g} with {made.instrument}; allowed: {other}, or a quota, ban, import-ban or boycott"]
    return []


def with_options(made: Wording, *, instrument: str | None = None, **options: Option) -> Wording:
    """The question with what was said beside it: options overrule the words, and a note says so.

    Raises InputError for a measure on the other side of the flow than the words say: who sells puts no tariff.
    """
    named: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    if instrument is not None:
        if instrument in INSTRUMENTS and made.side:
            _of_the_side(made, instrument)
        told = measured(instrument, made.side)[0] if made.side else instrument
        if told in RATED and "cut" not in named:
            named["cut"] = None
        if told not in RATED and "duty" not in named:
            named["duty"] = None
        named["instrument"] = told
        named["notes"] = tuple(note for note in made.notes if not note.startswith(NO_VERB))
    named["notes"] = (*named.get("notes", made.notes), *_overruled(made, named))
    made = replace(made, **named)
    if made.instrument is None and made.duty is not None:
        allowed = "--measure tariff (the sender buys) or export-tax (the sender sells)"
        raise InputError(f"duty {made.duty:g} without a measure; allowed: {allowed}")
    return check(made)


def _overruled(made: Wording, named: Mapping[str, Any]) -> list[str]:
    """What the words say and the options do not: which of the two is answered is said."""
    options = {"instrument": "--measure", "cut": "--cut", "duty": "--duty", "start": "--from", "days": "--days"}
    units = {"cut": "{:.0%} withheld", "duty": "a duty of {:.0%}", "start": "from {}", "days": "{:.0f} days"}
    said = []
    for name, option in options.items():
        told = getattr(made, name)
        if told is None or name not in named or named[name] == told:
            continue
        words = units.get(name, "{}").format(told)
        by = f"{option} {named[name]}" if named[name] is not None else f"--measure {named['instrument']}"
        said.append(f"the words say {words}, the options overrule them: {by} is answered")
    return said


def _of_the_side(made: Wording, instrument: str) -> None:
    """Raises InputError for a measure that the sender cannot take on the flow that the words name."""
    mine, theirs, good = made.sender.name, made.target.name, made.good.name
    if made.side == SELLS and instrument in BUYING:
        allowed = f"ban, licence, quota or export-tax, or {theirs} as the one who acts"
        raise InputError(
            f"measure {instrument!r}, but in the question {mine} sells {good} to {theirs}; allowed: {allowed}"
        )
    if made.side == BUYS and instrument in ("licence", "export-tax"):
        allowed = f"tariff, import-ban, boycott, or quota, or {theirs} as the one who acts"
        raise InputError(
            f"measure {instrument!r}, but in the question {mine} buys {good} from {theirs}; allowed: {allowed}"
        )
