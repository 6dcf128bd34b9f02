"""Six verdicts in words, signs and colours: what a kind of licence means to somebody who ships."""

from __future__ import annotations

from dataclasses import dataclass

from geoecon.law import schema

REFUSING = ("denial", "presumption_denial")


@dataclass(frozen=True)
class Verdict:
    """One of the six. `colour` is its role in charts and files, never shown without the word."""

    word: str
    sign: str
    ascii: str
    colour: str  # on white
    severity: int


NONE = Verdict("no licence", "○", "[no licence]", "#0a6a55", 0)
GENERAL = Verdict("general licence", "◔", "[general licence]", "#0b5f94", 1)
CASE = Verdict("case by case", "◐", "[case by case]", "#8a5a00", 2)
REFUSED = Verdict("refused as policy", "◕", "[refused as policy]", "#b23a0e", 3)
PROHIBITED = Verdict("prohibited", "●", "[prohibited]", "#3b1730", 4)
UNKNOWN = Verdict("not known", "?", "[not known]", "#6b7680", 5)
ALL = (NONE, GENERAL, CASE, REFUSED, PROHIBITED, UNKNOWN)


def verdict(kind: str, policy: str | None = None) -> Verdict:
    """The verdict of a kind of licence, with the policy by which applications are decided."""
    if kind not in schema.kinds():
        return UNKNOWN
    family = schema.kinds()[kind]["family"]
    if family == "individual":
        return REFUSED if policy in REFUSING else CASE
    return {"none": NONE, "prohibited": PROHIBITED}.get(family, GENERAL)
