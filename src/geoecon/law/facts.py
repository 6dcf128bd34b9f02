"""Facts of a shipment: what may be said, how conditions read them, and what is missing."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from geoecon.errors import InputError

Fact = str | float | bool | date | tuple[str, ...] | list[str] | None  # what an applicant says of one thing
Facts = Mapping[str, Any]
Test = tuple[str, str, str]  # attribute, operator, value

COMPARE = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq}


@cache
def parsed(condition: str | None) -> tuple[tuple[Test, ...], ...]:
    """A condition as a conjunction of alternatives: `;` is and, `|` is or, and binds less."""
    if not condition:
        return ()
    return tuple(tuple(_test(part) for part in clause.split("|")) for clause in condition.split(";"))


def _test(text: str) -> Test:
    for sign in (">=", "<=", ">", "<", "="):
        if sign in text:
            attribute, value = text.split(sign, 1)
            return attribute.strip(), sign, value.strip()
    raise InputError(f"condition {text!r}; allowed: attribute, one of > >= < <= =, value")


def holds(test: Test, facts: Facts) -> bool | None:
    """Whether a test is met; None where the fact was not said."""
    attribute, sign, value = test
    said = facts.get(attribute)
    if said is None:
        return None
    try:
        return bool(COMPARE[sign](float(said), float(value)))
    except ValueError:
        if sign != "=":
            raise InputError(f"fact {attribute} = {said!r}; allowed: a number") from None
        return str(said).strip().casefold() == value.casefold()


def met(clauses: Sequence[Sequence[Test]], facts: Facts) -> tuple[bool | None, tuple[str, ...]]:
    """Whether a condition is met (None: not said enough) and the facts that would settle it."""
    verdict: bool | None = True
    missing: list[str] = []
    for alternatives in clauses:
        answers = [holds(test, facts) for test in alternatives]
        if True in answers:
            continue
        if None not in answers:
            return False, ()
        verdict = None
        missing += [test[0] for test, answer in zip(alternatives, answers, strict=True) if answer is None]
    return verdict, tuple(dict.fromkeys(missing))
