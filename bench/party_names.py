"""How many listed names are found again in another spelling, and how many others are taken for them.

    python bench/party_names.py [FILE]

FILE is a table with name, aliases (apart by ;); without it the Entity List names of the package. 1,000 names are drawn
with a fixed seed; prints the share found in normal form, and in it or near. False alarms: 2,000 made names, and every
firm of the package's other lists that the list does not carry in normal form.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from geoecon.law.name_index import Index
from geoecon.law.names import NEAR, key_of

Listed = list[tuple[str, int, bool]]  # (name, entry, whether it is the entry's first name)
FORM = re.compile(
    r",?\s*\b(Co\.?,? ?Ltd\.?|Company Limited|Limited|Ltd\.?|LLC|Inc\.?|GmbH|[OP]?JSC|Corp\.?|Company)\s*$"
)
FIRST = "Alpine Bright Cedar Delta Everest Falcon Garnet Harbour Indigo Juniper Kestrel Lotus Meridian"
TRADE = "Trading Shipping Electronics Precision Logistics Machinery Textile Software Chemicals Optics Foods"
LAST = ("Co., Ltd.", "GmbH", "Inc.", "LLC", "S.A.", "Pte Ltd", "Corporation", "Holdings")


def without_letter(name: str) -> str | None:
    """The name with one letter of a long word missing; None where it has no such word."""
    words = list(re.finditer(r"[A-Za-z]{6,}", name))
    if not words:
        return None
    place = words[len(name) % len(words)].start() + len(name) % 6
    return name[:place] + name[place + 1 :]


SPELLINGS: dict[str, Callable[[str], str | None]] = {
    "capitals, no punctuation": lambda name: re.sub(r"[^\w\s]", "", name.upper()),
    "Ltd. for Limited, no commas": lambda name: name.replace("Limited", "Ltd.").replace(",", ""),
    "legal form dropped": lambda name: FORM.sub("", name),
    "one letter missing": without_letter,
}


def listed_names(file: str | None = None) -> Listed:
    """Names of a file, or of the Entity List rows of the package."""
    regimes = files("geoecon") / "law" / "regimes"
    with (Path(file) if file else regimes / "usa" / "party_listing.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if file or row["list"] == "us-entity-list"]
    first = "name" if file else "party"
    return [(name.strip(), number, not position) for number, row in enumerate(rows)
            for position, name in enumerate([row[first], *row["aliases"].split(";")]) if name.strip()]  # fmt: skip


def shares(listed: Listed, index: Index, spelling: Callable[[str], str | None]) -> tuple[float, float]:
    """(share found by normal form, share found by it or near) of 1,000 names drawn with a fixed seed."""
    drawn = random.Random(7).sample(listed, min(1000, len(listed)))
    asked = [(written, entry) for name, entry, _ in drawn if (written := spelling(name))]
    exact = [any(found == entry for found, _, _ in index.exact.get(key_of(name), ())) for name, entry in asked]
    near = [same or any(found == entry for found, _ in index.near(name, NEAR))
            for same, (name, entry) in zip(exact, asked, strict=True)]  # fmt: skip
    return sum(exact) / len(asked), sum(near) / len(asked)


def made_names(count: int = 2000) -> list[str]:
    """Names of common words of firms' names, none of them on a list."""
    draw, first, trade = random.Random(11), FIRST.split(), TRADE.split()
    return [f"{draw.choice(first)} {draw.choice(first)} {draw.choice(trade)} {draw.choice(LAST)}" for _ in range(count)]


def other_firms() -> list[str]:
    """Firms of the package's lists of other states."""
    found = []
    for regime in ("chn", "jpn", "eu", "kor", "twn"):
        file = files("geoecon") / "law" / "regimes" / regime / "party_listing.csv"
        if file.is_file():
            with file.open(encoding="utf-8") as lines:
                found += [row["party"] for row in csv.DictReader(lines)]
    return found


def alarms(index: Index, names: list[str]) -> int:
    """How many names that the list does not carry come near one of it."""
    return sum(bool(list(index.near(name, NEAR))) for name in names if not index.exact.get(key_of(name)))


def main(file: str | None = None) -> dict[str, tuple[float, float]]:
    listed = listed_names(file)
    index = Index.of(listed)
    found = {name: shares(listed, index, spelling) for name, spelling in SPELLINGS.items()}
    print(f"{len(listed)} names of {len({entry for _, entry, _ in listed})} entries; per cent found of 1,000 drawn")
    for name, (exact, near) in found.items():
        print(f"{name:<30} {100 * exact:5.1f} in normal form, {100 * near:5.1f} with near ones")
    made, others = made_names(), other_firms()
    print(f"false alarms: {alarms(index, made)} in {len(made)} made names; {alarms(index, others)} of {len(others)} "
          "firms on lists of other states come near (many are the same firm)")  # fmt: skip
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?")
    main(parser.parse_args().file)
