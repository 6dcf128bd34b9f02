"""Headings of columns as tables of trade write them: which of our fields or roles each stands for, as rows of data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from geoecon.tables import packaged


@cache
def rows(file: str) -> tuple[Mapping[str, str], ...]:
    return tuple(packaged("flows", file))


@cache
def by_format() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in rows("headings.csv"):
        found.setdefault(row["format"], {})[row["heading"]] = row["field"]
    return found


def harmless(heading: str) -> bool:
    """Whether a heading names what is beside the point: notes, sources, names, numbers of rows."""
    plain = " ".join(re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading.strip()).casefold()))
    words = r"\b(notes?|remarks?|comments?|footnotes?|sources?|names?|desc|description|label|url|link|id|index|row)\b"
    return heading.strip().casefold() in by_format()["aside"] or re.search(words, plain) is not None


def apart(header: Sequence[str]) -> tuple[str, ...]:
    """The headings of a table that has codes and labels: FLOW beside Flow, of which the second says that it is one; or
    `FLOW: Flow`, without it. Of shares and growth that stand again under one heading the second has its number.
    """
    short = [heading.partition(": ")[0] for heading in header]
    if {"TIME_PERIOD", "OBS_VALUE"} <= set(short) and len(set(short)) == len(short):
        header = short
    labels = {"TIME_PERIOD", "OBS_VALUE"} <= set(header) or {"TIME", "Time", "Value"} <= set(header)  # SDMX, OECD.Stat
    seen: dict[str, str] = {}
    named: list[str] = []
    for heading in header:
        plain = heading.strip().casefold()
        if labels and plain in seen and plain and heading.strip() != seen[plain]:
            named.append(f"{heading} (label)")
        elif plain in seen and re.search(r"%|share|growth|change|^column \d+$", plain):
            named.append(f"{heading} ({sum(h.strip().casefold() == plain for h in header[: len(named)]) + 1})")
        else:
            named.append(heading)
        seen.setdefault(plain, heading.strip())
    return tuple(named)


@cache
def known_headings() -> frozenset[str]:
    """Every heading that stands for one of our fields, in any layout."""
    own = {
        h for row in rows("layouts.csv") for told in pairs(row["fields"]).values() for h in told.casefold().split("|")
    }
    return frozenset(own | {heading for known in by_format().values() for heading in known})


@cache
def field_of(heading: str) -> str:
    """The field that a heading stands for in a table of no standard layout; empty for none."""
    known = by_format()
    return next((known[kind][heading] for kind in ("any", "sides", "reports") if heading in known[kind]), "")


def standard() -> tuple[Mapping[str, str], ...]:
    """The standard layouts as rows: name, title, marks, fields, flows, system, units, source."""
    return rows("layouts.csv")


def role_named(heading: str) -> str:
    """The role that a heading names; empty for none."""
    plain = heading.strip().casefold()
    return by_format()["role"].get(plain) or _worded(plain)


WORDED = (  # words in a heading that make its column one of a role, where the heading itself is not known
    ("flow", r"flow|(import|imp).*(export|exp)|(export|exp).*(import|imp)|진출입|수출입|輸出入|进出口"),
    ("unit", r"currency|(?<!per )\bunits?\b(?!.*(value|price|cost))|unit of (measure|value)|währung|devise|moneda"),
    ("frequency", r"freq|periodicity"), ("indicator", r"indicator|\bmeasure\b|statistic"),
    ("partner2", r"consign|dispatch|transit|partner ?2"), ("customs", r"procedure|regime\b|customs(?!.*(value|usd))"),
    ("transport", r"transport"),
)  # fmt: skip

AMOUNTS = r"\b(costs?|dut(y|ies)|charges?|tax(es)?|fees?|values?|rates?|expenses?|margins?|tariffs?|prices?)\b"


def _worded(heading: str) -> str:
    """The role that the words of an unknown heading say; empty for none."""
    if heading in by_format()["aside"] or re.search(r"name|desc|label|unit (value|price)", heading):
        return ""
    words = re.sub(r"[_\-./]+", " ", heading)
    found = next((role for role, pattern in WORDED if re.search(pattern, words)), "")
    return "" if found in ("partner2", "customs", "transport") and re.search(AMOUNTS, words) else found


def pairs(text: str) -> dict[str, str]:
    """`a=b;c=d` as a mapping."""
    return dict(part.split("=", 1) for part in text.split(";") if part)
