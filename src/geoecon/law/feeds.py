"""Measures and control lists from elsewhere: Global Trade Alert's interventions, and tables that pair customs codes
with control numbers. What a feed does not state stays not stated; what it contradicts is reported by id."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoecon import countries, tables
from geoecon.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd


# intervention types of the feed that are licences and bans, by id (names and MAST chapters are not reliable)
KIND_OF_TYPE = {18: "export tax", 19: "prohibited", 20: "tariff quota", 21: "quota", 35: "individual"}
NOT_STATED = "not stated"


@dataclass(frozen=True)
class Intervention:
    """One intervention of the feed. Empty lists mean not stated, never all; the evaluation is text, not a sign."""

    id: int
    title: str
    kind: str
    type_id: int
    exporters: tuple[str, ...]
    destinations: tuple[str, ...]
    products: tuple[str, ...]  # six digits, leading zero kept
    hs_revision: str
    announced: str | None
    valid_from: str | None
    valid_to: str | None
    evaluation: str


@dataclass(frozen=True)
class Feed:
    """What a feed holds, and what does not fit together in it."""

    interventions: tuple[Intervention, ...]
    issues: tuple[Fault, ...]

    def to_frame(self) -> pd.DataFrame:
        import pandas as pd

        rows = [vars(entry) | {key: ";".join(getattr(entry, key)) or NOT_STATED
                               for key in ("exporters", "destinations", "products")}
                for entry in self.interventions]  # fmt: skip
        return pd.DataFrame(rows)


def read_gta(path: str | Path, hs_revision: str = NOT_STATED) -> Feed:
    """Interventions from Global Trade Alert's JSON. `hs_revision` of its product codes is recorded (HS2012 or HS2022,
    as the feed was drawn). Raises InputError where the file is not such a feed."""
    file = Path(path)
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
        entries = content["results"] if isinstance(content, dict) else content
        found = [_intervention(entry, hs_revision) for entry in entries]
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise InputError(Fault(file.name, None, None, repr(error), "interventions as the feed writes them")) from None
    issues = [issue for entry in entries for issue in _issues(file.name, entry)]
    if hs_revision == NOT_STATED and any(entry.products for entry in found):
        issues.append(Fault(file.name, None, "affected_products", "revision not stated", "HS2012, HS2017 or HS2022"))
    return Feed(tuple(found), tuple(issues))


def _intervention(entry: Mapping[str, Any], hs_revision: str) -> Intervention:
    type_id = int(entry["intervention_type_id"])
    return Intervention(
        id=int(entry["intervention_id"]),
        title=entry.get("state_act_title") or "",
        kind=KIND_OF_TYPE.get(type_id, entry.get("intervention_type") or NOT_STATED),
        type_id=type_id,
        exporters=_places(entry["implementing_jurisdictions"] or ()),
        destinations=_places(entry["affected_jurisdictions"] or ()),
        products=tuple(_product(code) for code in entry["affected_products"] or ()),
        hs_revision=hs_revision,
        announced=entry["date_announced"],
        valid_from=entry["date_implemented"],
        valid_to=entry["date_removed"],
        evaluation=str(entry.get("gta_evaluation") or NOT_STATED),
    )


def _product(code: str | int | Mapping[str, str | int]) -> str:
    """Six digits from a number, a text, or an object with product_id."""
    number = code["product_id"] if isinstance(code, Mapping) else code
    text = str(int(number))
    if len(text) not in (5, 6):  # a leading zero may be lost, two cannot: chapters begin with 01
        raise ValueError(f"product {code!r} has not six digits")
    return text.zfill(6)


def _places(entries: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """By the ISO code that stands beside the feed's own number (India is 699 there, France 251)."""
    return tuple(entry["iso"] if countries.is_known(str(entry.get("iso"))) else countries.resolve(entry["name"]).iso3
                 for entry in entries)  # fmt: skip


def _issues(name: str, entry: Mapping[str, Any]) -> list[Fault]:
    where = f"{name} intervention {entry['intervention_id']}"
    found = []
    if entry["date_implemented"] is None:
        found.append(Fault(where, None, "date_implemented", "missing", "a day; the start stays unknown"))
    if entry["date_removed"] is not None and entry.get("is_in_force"):
        says = f"removed {entry['date_removed']} while is_in_force is {entry['is_in_force']}"
        found.append(Fault(where, None, "is_in_force", says, "0 once it is removed"))
    if entry["date_removed"] is None and entry["date_implemented"] is not None and entry.get("is_in_force") == 0:
        found.append(Fault(where, None, "is_in_force", "0 without date_removed", "a day of removal, or 1"))
    start, end = entry["date_implemented"] or entry["date_announced"], entry["date_removed"]
    if start is not None and end is not None and end < start:
        found.append(Fault(where, None, "date_removed", f"{end}, before {start}", "a later day"))
    for column in ("affected_products", "affected_jurisdictions"):
        if not entry[column]:
            found.append(Fault(where, None, column, "empty", "values; an empty list means not stated, not all"))
    return found


def _customs(*lengths: int) -> tables.Rule:
    """A customs code of one of the lengths, points and blanks between its digits left out."""

    def read(cell: str) -> str:
        code = re.sub(r"[.\s]", "", unicodedata.normalize("NFKC", cell))
        if not re.fullmatch(r"[0-9]+", code) or len(code) not in lengths or not "01" <= code[:2] <= "99":
            raise ValueError
        return code

    counts = " or ".join(map(str, lengths))
    return tables.Rule(read, f"a customs code of {counts} digits, kept as text: a zero in front is part of it")


CORRELATION: Mapping[str, tables.Rule] = {
    "cn_code": _customs(4, 6, 8, 10).optional(),
    "taric": _customs(10).optional().if_present(),
    "dualuse": tables.text,
    "share_lo": tables.share.optional().if_present(),
    "share_hi": tables.share.optional().if_present(),
}


@dataclass(frozen=True)
class Correlation:
    """Pairs of customs codes and control numbers, many to many; items without a code stay."""

    pairs: pd.DataFrame  # columns hs6, cn_code, taric, item, share_lo, share_hi
    notes: tuple[str, ...] = ()  # pairs that stand in several lines

    def items(self, code: str) -> pd.DataFrame:
        """Every item that a customs code may hold, with its coverage interval, longest code first."""
        digits = code.replace(".", "").replace(" ", "")
        if not digits.isdigit() or not 4 <= len(digits) <= 10:
            raise InputError(f"customs code {code!r}; allowed: 4 to 10 digits")
        known = self.pairs["taric"].fillna(self.pairs["cn_code"])
        same = [isinstance(text, str) and (text.startswith(digits) or digits.startswith(text)) for text in known]
        return self.pairs[same]

    def codes(self, item: str) -> pd.DataFrame:
        """The pairs of an item; an item without a customs code has one row without, and still needs a licence."""
        return self.pairs[self.pairs["item"] == item]


def read_correlation(path: str | Path) -> Correlation:
    """A table of pairs (cn_code, taric, dualuse). Without a share the coverage is 0 to 1: a code decides nothing.

    Raises InputError with every code that is none, and where lines of one pair contradict each other.
    """
    file = Path(path)
    frame = tables.read_table(file, CORRELATION)
    for column in ("taric", "share_lo", "share_hi"):
        if column not in frame:
            frame[column] = None
    frame["share_lo"] = frame["share_lo"].astype(float).fillna(0.0)
    frame["share_hi"] = frame["share_hi"].astype(float).fillna(1.0)
    codes = frame["taric"].where(frame["taric"].notna(), frame["cn_code"])
    frame["hs6"] = [code[:6] if isinstance(code, str) and len(code) >= 6 else None for code in codes]
    pairs = frame.rename(columns={"dualuse": "item"})[
        ["hs6", "cn_code", "taric", "item", "share_lo", "share_hi", "line"]
    ]
    pair, faults, notes = ["cn_code", "taric", "item"], [], []
    for row in tables.records(pairs):
        cn_code, taric = row["cn_code"], row["taric"]
        if isinstance(cn_code, str) and isinstance(taric, str) and not taric.startswith(cn_code):
            faults.append(Fault(file.name, row["line"], "taric", taric, f"a code that begins with cn_code {cn_code}"))
        if row["share_lo"] > row["share_hi"]:
            told = f"{row['share_lo']} above share_hi {row['share_hi']}"
            faults.append(Fault(file.name, row["line"], "share_lo", told, "the lower share first"))
    for _, same in pairs[pairs.duplicated(pair, keep=False)].groupby(pair, dropna=False, sort=False):
        lines = " and ".join(map(str, same["line"]))
        if len(same[["share_lo", "share_hi"]].drop_duplicates()) > 1:
            told = f"lines {lines} give one pair several shares"
            faults.append(Fault(file.name, int(same["line"].iloc[-1]), "share_lo", told, "each pair once"))
        else:
            notes.append(f"{file.name} lines {lines} hold one pair: read once")
    if faults:
        raise InputError(faults)
    return Correlation(pairs.drop_duplicates(pair, ignore_index=True).drop(columns="line"), tuple(notes))
