"""Labels of a matrix of industries as people write them: small letters, other separators, the rows below in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence

import pandas as pd

from geoecon import countries
from geoecon.errors import Fault, InputError
from geoecon.production.build import region_name, split
from geoecon.production.findings import Finding

SEPARATORS = ("__", "|", ":", " - ", "/", ".", "-", " ")  # between region and sector, where no label has _
OUTPUT = r"(total|gross)? ?output( at basic prices)?|out|total( output)?"
NAMES = {  # rows and columns beside the industries -> what the reader calls them
    "OUT": OUTPUT,
    "VA": r"(gross )?value ?added( at (basic|market|factor) (prices|cost))?|g?va|valu",
    "TLS": r"tls|(net )?taxes( less subsidies)?( on (products|intermediate and final products))?",
}
ADDENDS = re.compile(  # of value added
    r"comp|gops(mix)?|otxs|cfc|labr|lab|cap|d1|d29x39|b2a3g|wages( and salaries)?|compensation of employees|labou?r"
    r"|capital|(gross |net )?operating surplus|mixed income|(gross )?operating surplus and mixed income"
    r"|consumption of fixed capital|other (net )?taxes( less subsidies)?( on production)?|taxes on production"
)
IMPORTED = re.compile(r"imp|imports?( .+)?|imported .+|m")


def plain(label: str) -> str:
    """A label in small letters with one blank for each sign between its words."""
    return " ".join(re.findall(r"[^\W_]+", label.casefold()))


def tidied(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """The matrix with labels REGION_SECTOR in capitals and OUT, VA, TLS for what stands beside the industries; and what
    was changed."""
    frame, noted = capitals(frame)
    columns = {label for label in frame.columns if not _named(label)}
    square = [label for label in frame.index if label in columns]
    sign = _separator(square)
    if sign:
        regions = {label.partition(sign)[0].strip() for label in square}
        frame = _renamed(frame, lambda label: _split_at(label, sign, regions))
        told = repr(sign.strip()) if sign.strip() else "the first blank"
        noted.append(Finding("text", "", f"labels read as region and sector around {told}"))
    known = {split(label)[0] for label in frame.index if label in set(frame.columns)}
    return _renamed(frame, lambda label: _beside(label, known)), noted


def capitals(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """The matrix with the codes of its regions in capitals; all labels where none has a capital."""
    labels = [*map(str, frame.index), *map(str, frame.columns)]
    inner = [label for label in labels if "_" in label]
    if labels and not any(letter.isupper() for label in inner or labels for letter in label):
        return _renamed(frame, str.upper), [Finding("text", "", "labels in small letters read as capitals")]
    small = {region for region in {split(label)[0] for label in inner} if small_code(region)}
    if not small:
        return frame, []
    told = f"codes of countries in small letters read as {', '.join(sorted(map(str.upper, small))[:8])}"
    return _renamed(frame, lambda label: label[: len(r)].upper() + label[len(r) :] if (r := split(label)[0]) in small
                    else label), [Finding("text", "", told)]  # fmt: skip


def no_square(rows: Sequence[str], columns: Collection[str], name: str) -> None:
    """Raises InputError for a table whose rows are all other things than its columns: products by industries."""
    if rows and not any(row in columns for row in rows):
        allowed = "a table of industries by industries, or products by products"
        raise InputError(Fault(name, 1, None, f"a supply or use table: no row is a column ({rows[0]})", allowed))


def one_spelling(frame: pd.DataFrame, inner: pd.DataFrame, name: str) -> list[Finding]:
    """Raises InputError for an industry that stands under two spellings (A01 and a01): it would be split in two. Codes
    of countries in small letters become capitals in the frame, which is said."""
    names: dict[str, dict[str, None]] = {}
    for sector in dict.fromkeys([*map(str, frame["from_sector"]), *map(str, inner["to_sector"])]):
        names.setdefault(sector.casefold(), {})[sector] = None
    twice = [" and ".join(both) for both in names.values() if len(both) > 1]
    if twice:
        raise InputError(f"{name}: one industry in two spellings: {'; '.join(twice[:8])}; allowed: one spelling each")
    small = sorted({str(r) for side in ("from_region", "to_region") for r in frame[side] if small_code(str(r))})
    if not small:
        return []
    for side in ("from_region", "to_region"):
        frame[side] = [r.upper() if small_code(str(r)) else r for r in frame[side]]
    told = f"codes of countries in small letters read as {', '.join(map(str.upper, small[:8]))}"
    return [Finding("text", "", told)]


def small_code(region: str) -> bool:
    """Whether a region is the code of a country in small letters."""
    return region.islower() and len(region) in (2, 3) and _place(region.upper())


def _place(region: str) -> bool:
    """Whether a region is a country or the rest of the world."""
    return countries.is_known(found := region_name(region)) or found == "ROW"


def _separator(square: Sequence[str]) -> str:
    """What stands between region and sector in all labels of industries; nothing where it is the underscore."""
    if not square or (any("_" in label for label in square) and not all("__" in label for label in square)):
        return ""
    for sign in SEPARATORS:
        parts = [label.partition(sign) for label in square]
        if all(middle and rest.strip() and _place(region.strip()) for region, middle, rest in parts):
            return sign
    return ""


def _split_at(label: str, sign: str, regions: Iterable[str]) -> str:
    region, middle, rest = label.partition(sign)
    return f"{region.strip()}_{rest.strip()}" if middle and region.strip() in regions else label


def _beside(label: str, regions: Iterable[str]) -> str:
    if "_" in label and split(label)[0] in regions:
        return label
    return _named(label) or label


def _named(label: str) -> str:
    return next((name for name, pattern in NAMES.items() if re.fullmatch(pattern, plain(label))), "")


def _renamed(frame: pd.DataFrame, name: Callable[[str], str]) -> pd.DataFrame:
    return frame.set_axis([name(str(label)) for label in frame.index], axis=0).set_axis(
        [name(str(label)) for label in frame.columns], axis=1
    )
