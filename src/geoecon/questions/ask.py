"""A question is enough: any sender, any target, any product. It becomes a case, and the whole line answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from geoecon import lexicon
from geoecon.case import case_of_texts
from geoecon.draws import Draws, sample
from geoecon.errors import Fault, InputError, MissingData
from geoecon.flows import Flows
from geoecon.indicators import PUBLISHED_AFTER
from geoecon.lexicon import Good, Place
from geoecon.line import DRAWS, run
from geoecon.questions import library
from geoecon.questions.amounts import a_day
from geoecon.questions.answer import Answer
from geoecon.questions.case_files import case_id
from geoecon.questions.prefill import Prefilled, check_day, prefilled
from geoecon.questions.reading import read_question
from geoecon.questions.rows import Rows, rows_of
from geoecon.questions.wording import Wording, check, with_options

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
LONGEST = 3660  # days that a question may last


def ask(
    question: str,
    target: str | None = None,
    product: str | None = None,
    *,
    measure: str | None = None,
    cut: float | None = None,
    duty: float | None = None,
    patron: str | None = None,
    start: str | date | None = None,
    days: float | None = None,
    flows: str | Path | Flows | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> Answer:
    """What happens if a sender withholds a product from a target: `ask("China stops graphite to Korea")`.

    Or `ask("CHN", "KOR", "graphite")` with sender, target and product by name or code. `measure` is ban, licence,
    quota, export-tax, tariff, import-ban or boycott; `cut` the share that is withheld, `duty` a rate, `start` the first
    day (today if left out), `days` how long (unknown if left out: drawn from the record of halts). `patron` is found
    in the pact records. `flows` is a trade file of your own; else the bundled raw materials or a file that
    `geoecon data add` remembers. Takes about three seconds once warm.
    Raises InputError for a name that no list has or that may mean several things, a pair without trade, a sender that
    is the target, or a day outside the data.
    """
    faults: list[str | Fault] = []
    third = None if patron is None else _tried(lambda: lexicon.place(patron), "patron: ", faults)
    said: dict[str, Any] = dict(measure=measure, cut=cut, duty=duty, start=start, days=days)
    read = _tried(lambda: wording(question, target, product, **said), "", faults)
    if faults or read is None:
        raise InputError(faults)
    made, day = read
    own = library.brought(flows)
    if own is not None:
        made = replace(made, notes=(*made.notes, *own.coverage.said))
    try:
        rows, texts = made_case(made, patron=third, start=day, flows=own)
    except MissingData as lacking:
        way = "a state or good that the tables hold (geoecon data lists them), newer incomes (geoecon data update)"
        raise InputError(
            f"{lacking}: the question has no answer; allowed: {way}, or a trade file of your own"
        ) from None
    case = case_of_texts(texts.texts, case_id(made))
    parameters: Draws = sample(case.parameters, draws, seed)
    found = run(case, draws=draws, seed=seed, parameters=parameters, progress=progress)
    return Answer(made, rows, texts, found, parameters)


def wording(
    question: str,
    target: str | None = None,
    product: str | None = None,
    *,
    measure: str | None = None,
    cut: float | None = None,
    duty: float | None = None,
    start: str | date | None = None,
    days: float | None = None,
) -> tuple[Wording, date]:
    """The question as it was read, and its first day."""
    faults: list[str | Fault] = []
    made = _tried(lambda: _read(question, target, product), "", faults)
    begins = _tried(lambda: a_day(start), "--from: ", faults) if isinstance(start, str) else start
    if days is not None and not 1 <= days <= LONGEST:
        faults.append(f"days {days:g}; allowed: 1 to {LONGEST}")
        days = None
    options: dict[str, Any] = dict(instrument=measure, cut=cut, duty=duty, start=begins, days=days)
    if made is not None:
        read = made
        made = _tried(lambda: with_options(read, **options), "", faults)
    if faults or made is None:
        raise InputError(faults)
    if made.days is not None and not 1 <= made.days <= LONGEST:
        raise InputError(f"{made.days:.0f} days; allowed: 1 to {LONGEST}")
    if made.instrument is None:
        made = replace(made, instrument="quota" if made.cut is not None and made.cut < 1 else "ban")
    return made, made.start or date.today()


def _read(question: str, target: str | None, product: str | None) -> Wording:
    if target is None and product is None:
        return read_question(question)
    if target is None or product is None:
        raise InputError("target or product is missing; allowed: one question in words, or sender, target and product")
    return _of_options(question, target, product)


def _tried(read: Callable[[], T], where: str, faults: list[str | Fault]) -> T | None:
    """What is read, or None with its faults beside those of the other options: all are said at once."""
    try:
        return read()
    except InputError as error:
        faults += [f"{where}{fault}" for fault in error.faults]
        return None


def _of_options(sender: str, target: str, product: str) -> Wording:
    """Sender, target and product, each by name or code; all that is wrong in one message."""
    faults: list[str] = []
    found: list[Place | Good | None] = []
    for role, read, text in (
        ("sender", lexicon.place, sender),
        ("target", lexicon.place, target),
        ("product", lexicon.good, product),
    ):
        try:
            found.append(read(text))
        except InputError as error:
            faults.append(f"{role}: {error}")
            found.append(None)
    if faults:
        raise InputError(faults)
    one, other, good = found
    assert isinstance(one, Place) and isinstance(other, Place) and isinstance(good, Good)
    notes = tuple(note for note in (one.note, other.note, good.note) if note)
    return check(Wording(f"{one.name}, {other.name}: {good.name}", one, other, good, notes=notes))


def made_case(
    made: Wording, *, patron: Place | None, start: date, flows: str | Path | Flows | None = None
) -> tuple[Rows, Prefilled]:
    """The trade rows of a question and the files of its case: of the last year with trade, where none is left."""
    check_day(start)
    seller, buyer = (made.target, made.sender) if made.buying else (made.sender, made.target)
    before = (start - PUBLISHED_AFTER).year  # figures that are out on the day
    own, said = own_rows(made.good, buyer, before, flows)
    made = made if isinstance(flows, Flows) else replace(made, notes=(*made.notes, *said))
    rows = replace(rows_of(made.good, seller, buyer, before, own, made.allies), said=said)
    if rows.none_in:
        start = date(int(rows.year) + 1, 2, 1)
    return rows, prefilled(made, rows, patron=patron, start=start)


def own_rows(
    good: Good, buyer: Place, before: int, flows: str | Path | Flows | None
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """Rows of the user's file: the one named, else a remembered one that holds the product where no rows ship; and
    what their reader says.

    Raises InputError where the named file does not hold the product.
    """
    from geoecon.questions.rows import codes_held

    if flows is None and codes_held(good.hs):
        return _updated(good, buyer, before)
    mine = flows if flows is None or isinstance(flows, Flows) else Path(flows)
    for path in library.trade_files() if mine is None else [mine]:
        found, said = library.rows_in(path, good.hs, buyer.states, before)
        if len(found):
            return found, said
        if flows is not None:
            wanted = f"imports of {good.name} (HS {' '.join(good.hs)}) by {buyer.name} before {before}"
            raise InputError(f"{getattr(path, 'name', 'flows')}: no {wanted}; allowed: a file with rows of that code")
    return None, ()


def _updated(good: Good, buyer: Place, before: int) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """The bundled rows and the later years of the files that go on from them; None where there is no such file."""
    import pandas as pd

    from geoecon.flows import raw_materials

    found = None
    notes: list[str] = []
    for path in reversed(library.updates()):
        rows, said = library.rows_in(path, good.hs, buyer.states, before)
        notes += said
        if found is None and len(rows):
            found = raw_materials(
                [str(year) for year in range(before - 10, before)], importer=buyer.states, product=good.hs
            )
        if found is not None and len(rows):
            found = pd.concat([found[~found["period"].isin(rows["period"])], rows], ignore_index=True)
    return found, tuple(notes)


def rows_for(sender: str, target: str, product: str, start: str) -> Rows:
    """The trade rows alone that a question would stand on."""
    asked, day = wording(sender, target, product, start=start)
    return made_case(asked, patron=None, start=day)[0]
