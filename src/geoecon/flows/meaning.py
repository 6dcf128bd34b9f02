"""What a row means: flow, unit, indicator and the like are understood, or the read stops and says how to choose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from geoecon.errors import InputError
from geoecon.flows import no_money, units
from geoecon.flows.layouts import Layout
from geoecon.flows.multiples import MULTIPLES
from geoecon.flows.raw import quoted
from geoecon.flows.row_units import Combo, dollars_of, tonnes_of, weight_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geoecon.kinds import Relation


DECIDING = ("flow", "indicator", "unit", "power", "weight_unit")
DIRECTIONS = {"M": "imports", "X": "exports", "RM": "re-imports", "RX": "re-exports"}
PART = {"RM": ", part of the imports", "RX": ", part of the exports"}
NUMBERED = {"1": "M", "2": "X", "3": "RX", "4": "RM"}
BOUGHT = (  # words of a purchase abroad, in any language
    r"import|\bimpor\b|einfuhr|arrival|invoer|dovoz|przywóz|behozatal|tuonti|ind?f[øö]rs[ei]l|innførs[ei]l|i\u0307?thalat"
    r"|импорт|ввоз|імпорт|внос|εισαγωγ|nhập khẩu|นำเข้า|واردات|in(bound|ward|coming)|purchase|进口|進口|輸入|수입"
)
SOLD = (
    r"export|\bekspor|eksport|ausfuhr|d[ie]spatch|uitvoer|vývoz|vyvoz|wywóz|kivitel|vienti|udførs[ei]l|utf[øö]rs[ei]l"
    r"|i\u0307?hracat|экспорт|вывоз|експорт|износ|εξαγωγ|xuất khẩu|ส่งออก|صادرات|out(bound|ward|going)|出口|輸出|수출"
)
WORDS = (
    (r"re[- ]?import|reimport|wiedereinfuhr|wederinvoer|реимпорт|(?<!含)[复復]进?進?口|再輸入|재수입", "RM"),
    (r"re[- ]?e[xk]s?port|reexport|wiederausfuhr|wederuitvoer|реэкспорт|(?<!含)[复復]出口|转口|再輸出|재수출", "RX"),
    (rf"^(m|i|in|им|entradas?|(gross )?g?imp.*|compras|achats)$|{BOUGHT}", "M"),
    (rf"^(x|e|out|эк|salidas?|(gross )?exp.*|ventas|sales?)$|{SOLD}", "X"),
)
CODED = ({"m", "x", "rm", "rx"}, {"i", "e"}, {"im", "ex"}, {"imp", "exp"}, {"in", "out"})  # two and more in a column
SIDES = ("import", "imports", "export", "exports")
EITHER = r"import.*export|export.*import"


@dataclass(frozen=True)
class Choice:
    """What one combination of the deciding columns means: value, weight or other; a direction; USD or t for one."""

    kind: str
    flow: str
    factor: float
    weight: float = 1.0


def rows_of(combos: pd.DataFrame) -> list[Combo]:
    return [Combo(*map(str, cells)) for cells in combos[list(DECIDING)].to_numpy(dtype=object).tolist()]


def yes_or_no(text: str) -> bool | None:
    """A truth as tables write it; None for anything else."""
    plain = text.strip().casefold()
    if plain in ("y", "yes", "true", "t", "1", "ja", "oui", "sí", "si"):
        return True
    return False if plain in ("n", "no", "false", "f", "0", "nein", "non") else None


def direction(text: str, codes: Mapping[str, str], heading: str) -> str:
    """M, X, RM or RX of a cell in a flow column; empty for a word that is none of them."""
    plain = re.sub(r"\.0$", "", text.strip()).casefold()
    if plain in codes:
        return codes[plain]
    plain = plain[1:] if re.fullmatch("0[1-4]", plain) else plain
    truth = yes_or_no(plain)
    words = set(re.split(r"[\W_]+", heading.casefold()))
    for side, flow, other in (("export", "X", "M"), ("import", "M", "X")):  # is_export: yes or no
        if truth is not None and words & {side, f"{side}s"} and len(words & set(SIDES)) == 1:
            return flow if truth else other
    if plain.upper() in ("M", "X", "RM", "RX"):
        return plain.upper()
    if plain in NUMBERED and not codes:
        first = re.match(r"(exp|imp|e|i|x|m)", heading.strip().casefold())
        exports_first = (
            first is not None and first[1][0] in "ex" and re.search(r"[ /_-](or|imp|i|m)", heading.casefold())
        )
        return {"1": "X", "2": "M"}.get(plain, "") if exports_first else NUMBERED[plain]
    if re.search(f"{EITHER}|{no_money.NET}", plain):
        return ""
    return next((flow for pattern, flow in WORDS if re.search(pattern, plain)), "")


def decide(
    combos: pd.DataFrame, layout: Layout, name: str, given: Mapping[str, float], title: units.Unit | None,
    mass: units.Unit | None = None,
) -> dict[tuple[str, ...], Choice]:  # fmt: skip
    """A choice for each combination of the deciding columns (`combos`, one row each, missing columns empty).

    `title` and `mass` are the units of money and weight that lines around the table say.

    Raises InputError with the values of every column that cannot be understood, and how to choose.
    """
    faults: list[str] = []
    flows = _flows(combos, layout, name, faults)
    kinds = _kinds(combos, layout, name, faults)
    powers = _powers(combos, layout, name, faults)
    found: dict[tuple[str, ...], Choice] = {}
    strange: dict[str, None] = {}
    unsaid = False
    for row in rows_of(combos):
        key = (row.flow, row.indicator, row.unit, row.power, row.weight_unit)
        kind = kinds[row.indicator, row.unit]
        flow = flows.get(row.flow, "") or _said(row.indicator)
        factor = 1.0
        if kind == "value":
            usd, told = dollars_of(row, layout, given, title, powers[row.power])
            unsaid |= told == "" and "" not in given
            if usd is None:
                strange[told] = None
            factor = usd or 1.0
        elif kind == "weight":
            factor = tonnes_of(row.unit, row.indicator, layout.columns.get("value_usd", "")) or 1.0
        found[key] = Choice(kind, flow, factor, weight_of(row, layout, mass))
    if unsaid and not strange and set(given) - {"", "USD"}:
        told = ", ".join(f"{key} = {value:g}" for key, value in given.items() if key not in ("", "USD"))
        faults.append(f"{name}: unit= says {told}, and nothing in the table says in what its values are; allowed: "
                      f"unit= in words (--unit 'thousand USD'), or a number: USD for one as it is written (--unit "
                      f"{next(v for k, v in given.items() if k not in ('', 'USD')):g})")  # fmt: skip
    if strange:
        faults.append(_currency(name, layout, list(strange), combos, given))
    if faults:
        raise InputError(faults)
    return found


def _flows(combos: pd.DataFrame, layout: Layout, name: str, faults: list[str]) -> dict[str, str]:
    heading = layout.columns.get("flow") or layout.role("flow")
    if heading is None:
        return {}
    known = {text: direction(text, layout.flows, heading) for text in combos["flow"].unique()}
    strange = [text for text, flow in known.items() if not flow]
    if strange:
        faults.append(
            f"{name}: column {heading} has the values {listed(combos['flow'])}, of which {listed(strange)} say neither "
            f"import nor export; allowed: M, X, RM, RX, Import, Export, 1, 2, or only={{{heading!r}: one of them}} "
            f"(--only {heading}=…)"
        )
    for way in ("M", "X"):  # general and special imports, domestic and all exports: each says the whole
        told = [text for text, flow in known.items() if flow == way]
        kinds = {concept(text) for text in told}
        parts = way == "X" and all("domestic" in kind for kind in kinds) and "RX" in known.values()
        if len(kinds) > 1 or (kinds and parts):
            faults.append(f"{name}: column {heading} has {listed(told)}: not all {DIRECTIONS[way]} of one kind; "
                          f"allowed: only={{{heading!r}: one of them}} (--only '{heading}=…')")  # fmt: skip
    return known


KINDS = r"general|special|consum|warehouse|domestic|foreign|total|gross|net|cif|fob|re-?exports?|intra|extra|temporar|"
KINDS += r"processing|repair|customs"  # words that tell one concept of imports or exports from another


def concept(text: str) -> frozenset[str]:
    """The words of a flow that tell one concept of imports or exports from another: general, special, CIF."""
    return frozenset(re.findall(KINDS, text.casefold().replace(".", "")))


def concepts(relation: Relation, layout: Layout) -> tuple[bool, str]:
    """Whether the exports are without re-exports, and how the imports are valued."""
    return _domestic(relation, layout), _valued(relation, layout)


def _domestic(relation: Relation, layout: Layout) -> bool:
    """Whether every word of exports in the flow column says that they are domestic: without re-exports."""
    heading = layout.columns.get("flow") or layout.role("flow")
    if heading is None:
        return False
    cells = relation.project(f"trim({quoted(heading)}::VARCHAR) AS v").distinct().limit(50).fetchall()
    sold = [str(cell) for (cell,) in cells if cell and direction(str(cell), layout.flows, heading) == "X"]
    return bool(sold) and all("domestic" in concept(text) for text in sold)


def _valued(relation: Relation, layout: Layout) -> str:
    """How imports are valued: CIF, FOB or at customs value, by words of the table, else by the layout."""
    told = [layout.columns["value_usd"]]
    for heading in (layout.columns.get("indicator") or layout.role("indicator"), layout.role("flow")):
        if heading in relation.columns:
            cells = relation.project(f"{quoted(str(heading))}::VARCHAR AS v").distinct().limit(50).fetchall()
            told += [str(cell) for (cell,) in cells if not re.search("export", str(cell).casefold())]
    words = " ".join(re.split(r"[\W_]+", " ".join(told).casefold()))
    found = [name for name in ("CIF", "FOB", "customs value") if re.search(rf"\b{name.casefold()}\b", words)]
    return found[0] if len(found) == 1 else layout.fixed.get("valued", "CIF")


def _said(indicator: str) -> str:
    """The direction that an indicator names: `Import Quantity`."""
    plain = indicator.casefold()
    words = (("re-import", "RM"), ("re-export", "RX"), (BOUGHT, "M"), (SOLD, "X"))
    if (
        not plain
        or re.search(f"{EITHER}|{no_money.NET}", plain)
        or (re.search(BOUGHT, plain) and re.search(SOLD, plain))
    ):
        return ""
    return next((flow for word, flow in words if re.search(word, plain)), "")


def _kinds(combos: pd.DataFrame, layout: Layout, name: str, faults: list[str]) -> dict[tuple[str, str], str]:
    """Value, weight or other by indicator and unit."""
    own = units.unit(layout.columns.get("value_usd", ""))
    kinds: dict[tuple[str, str], str] = {}
    spoken = any(one.money for text in set(combos["unit"]) if (one := units.unit(str(text))) is not None)
    for row in rows_of(combos):  # where some cell is of money, the column speaks of the value, whatever its heading
        kinds[row.indicator, row.unit] = _kind(row.indicator, row.unit, own is not None and own.money and not spoken)
    if not layout.role("indicator") and "indicator" not in layout.columns:
        kinds = {key: "value" if kind == "" else kind for key, kind in kinds.items()}
    names = {indicator for indicator, _ in kinds}
    if len(names) == 1 and set(kinds.values()) == {""}:
        kinds = dict.fromkeys(kinds, "value")
    strange = sorted({indicator for (indicator, _), kind in kinds.items() if kind == ""})
    heading = layout.columns.get("indicator") or layout.role("indicator") or layout.role("unit") or "unit"
    if strange:
        faults.append(
            f"{name}: column {heading} has the values {listed(names)}; allowed: words that say value or weight, or "
            f"only={{{heading!r}: one of them}} (--only {heading}=…)"
        )
    elif "value" not in kinds.values():
        faults.append(
            f"{name}: {heading} says {listed([u or i for i, u in kinds])}: weights, counts or shares, no values; "
            f"allowed: a column of values, or ignore=[{heading!r}] (--ignore '{heading}') where they are"
        )
    return {key: kind or "other" for key, kind in kinds.items()}


def _kind(indicator: str, unit: str, money: bool) -> str:
    said, measured, plain = units.unit(indicator), units.unit(unit), indicator.casefold()
    parts = unit.casefold() not in units.COUNTS and measured is None and not money and no_money.whole(unit)
    if parts or no_money.told(indicator):
        return "other"
    if said is not None:
        return "value" if said.money else "weight"
    if measured is not None and not (money and not measured.money):
        return "value" if measured.money else "weight"
    if re.search(r"value|valeur|valor|wert|amount|金额|金額|价值|금액|cif|fob", plain):
        return "value"
    if re.search(r"weight|mass|poids|gewicht|peso|重量|중량", plain):
        return "weight" if measured is not None else "other"
    if re.search(r"quantit|qty|menge|cantidad|数量|수량|volume", plain):
        return "other"
    if unit.casefold() in units.COUNTS:
        return "value" if money else "other"
    return "value" if money and not plain else ""


def _powers(combos: pd.DataFrame, layout: Layout, name: str, faults: list[str]) -> dict[str, float]:
    """What the cells of a column of multiples say: a power of ten (3), the multiple itself (1000), or a word."""
    heading = layout.columns.get("power") or layout.role("power") or ""
    texts = {text: re.sub(r"\.0$", "", text.strip().replace(",", "")) for text in map(str, combos["power"].unique())}
    whole = {int(plain) for plain in texts.values() if re.fullmatch(r"-?\d{1,12}", plain)}
    powers = re.search(r"mult$|power|pow|exponent|10", heading.casefold()) is not None
    factors = any(number >= 100 for number in whole) or (not powers and whole <= {1, 10} and bool(whole))
    found: dict[str, float] = {}
    for text, plain in texts.items():
        multiple = MULTIPLES.get(plain.casefold(), 1.0 if plain.casefold() in ("", *units.ONES) else None)
        if re.fullmatch(r"-?\d{1,12}", plain):
            multiple = float(plain) if factors else 10.0 ** int(plain)
        found[text] = multiple or 1.0
        if multiple is None or multiple <= 0 or multiple > 1e12:
            faults.append(f"{name}: column {heading} has the values {listed(combos['power'])}; allowed: powers of ten, "
                          "multiples such as 1000, or thousand and million")  # fmt: skip
    return found


def _currency(
    name: str, layout: Layout, strange: Sequence[str], combos: pd.DataFrame, given: Mapping[str, float]
) -> str:  # fmt: skip
    role = next((role for role in ("unit", "indicator") if layout.role(role) and combos[role].nunique() > 1), None)
    role = role or ("unit" if layout.role("unit") else None)
    if role is not None:
        what = f"column {layout.role(role)} has the values {listed(combos[role])}"
    else:
        what = f"no column for value_usd: {layout.columns.get('value_usd')} is in {' and '.join(strange)}"
    if "" in given:
        told = f"{what}, and unit= says {units.words(units.Unit('USD', given['']))}"
        return f"{name}: {told}; allowed: unit= left out, or a number: USD for one as it is written (--unit 0.0067)"
    if strange[0].endswith(units.UNSAID):
        return f"{name}: {what}; allowed: unit= in words, such as 'thousand USD' (--unit 'thousand USD')"
    known = units.unit(strange[0])
    first = strange[0] if known is None else known.code
    return (
        f"{name}: {what}; allowed: USD or a multiple of it, or unit= with USD for one of each, such as "
        f"unit={{{first!r}: 1.0}} (--unit '{first}=…')"
    )


def listed(values: Iterable[str]) -> str:
    """Up to eight different values in quotes."""
    found = list(dict.fromkeys(str(value) for value in values))
    shown = " and ".join(repr(value) for value in found) if len(found) < 3 else ", ".join(map(repr, found[:8]))
    return shown + (f" and {len(found) - 8} more" if len(found) > 8 else "")
