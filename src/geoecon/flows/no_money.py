"""Words that say no amount of trade: shares, indices, growth, prices, counts, balances. Read as dollars, they lie."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from geoecon.errors import Fault, InputError
from geoecon.flows.multiples import MANY
from geoecon.flows.units import Unit, mentions, unit, words

NET = r"\b(im|ex)ports? (minus|less) (im|ex)ports?\b"
NET += r"|\bbalances?\b|\bdeficits?\b|\bsurplus(es)?\b|\bnet (trade|imports?|exports?)\b|\bsaldo\b|差額|差额|무역수지"
OF_MONEY = (  # what is no amount even where a currency stands beside it
    r"(?<![\d ])\s?%|^\s*%|\bper ?cents?\b|\bpercentages?\b|\bpct\b|\bshares?\b|\bind(ex|exes|ices)\b|\bgrowth\b"
    r"|\by-?o-?y\b|\by/y\b|\bchanges?\b|\bunit values?\b|\bratios?\b"
    r"|prozent|pourcent|porcent|anteil|veränderung|wachstum|variaci[oó]n|[ií]ndice"
    r"|participaci|\bsolde\b|процент|индекс|темп роста|сальдо"
    r"|指数|指數|同比|环比|增速|增长率|占比|比重|順差|顺差|逆差|構成比|伸び?率|前年比|비중|증감률|증가율|지수|단가"
    rf"|{NET}"
)
ALONE = (  # what is none where no currency stands beside it
    r"\bprices?\b|\baverage\b|\bmean\b|\brates?\b|\btariffs?\b|\bdut(y|ies)\b|\brca\b|comparative advantage|\bhhi\b"
    r"|herfindahl|concentration|\bnumbers?\b|\bcounts?\b|\brecords?\b|\btransactions?\b|\brank\b|\blog\b|\bln\b"
    r"|suppl|건수|件数"
)
TITLED = r"\bnumbers? of (trans|ship|rec|firm|enter|compan|comp)|comparative advantage|average tariff"  # of a title
UNITS = re.compile(r"\bunits?\b|einheit|unité|unidad|单位|單位|単位|단위", re.IGNORECASE)
FILLING = frozenset((  # words beside those, in a cell that says what the numbers are
    "of", "in", "on", "the", "total", "all", "to", "from", "over", "and", "per", "previous", "prior", "preceding",
    "last", "year", "years", "month", "months", "quarter", "period", "annual", "monthly", "yearly", "quarterly",
    "import", "imports", "importer", "export", "exports", "exporter", "trade", "value", "values", "world", "partner",
    "product", "country", "market", "base", "rate", "rates", "data", "unit", "volume", "gdp", "point", "points",
    "simple", "weighted", "average", "mean", "ahs", "mfn", "bnd", "applied", "bound", "a", "by", "with", "against",
    "same", "revealed", "comparative", "advantage", "number", "lines", "firms", "companies", "enterprises", "basis",
    "relative", "normalized", "normalised", "price", "prices", "terms", "yoy", "usd", "s", "us", "eur", "dollars",
    "thousand", "thousands", "million", "millions", "mn", "billion", "bn", "table", "shows", "figures", "are", "is",
    "expressed", "given", "as", "shown",
))  # fmt: skip
OTHER_MONEY = re.compile(  # a title of money that is not what was paid in the period of a row, or a part of the trade
    r"\b(constant|chained)\b|\breal terms\b|\bvolume terms\b|chain.?linked|deflated|moving average|\bper capita\b"
    r"|cumul|\bytd\b|year[ -]to[ -]date|累计|累計|누계"
    r"|^(?!.*(excl|without|net of|incl|\band\b))\W*(\w+\W+){0,3}re-?(ex|im)ports?\b"
    r"(?!.*(?<!re-)(?<!re)\b(ex|im)ports?\b)",
    re.IGNORECASE,
)
AT_PRICES = r"\b(at |in )?(current|constant|real|nominal)( \d{4})? (us\$? |us dollar )?(prices?|exchange rates?)\b"
AT_PRICES += r"|exchange rates?"
VALUED = r"\bvalues?\b(?! (are|is|in|as|index|growth|share))|\bamounts?\b|valeur|valor\b|wert|金額|金额|금액|价值"
COUNTED = r"quantit|qty|weight|mass|volume|menge|gewicht|poids|peso|cantidad|重量|数量|중량|수량"


def told(text: str) -> bool:
    """Whether a word of what is counted says something else than an amount of money."""
    plain = re.sub(AT_PRICES, " ", " ".join(text.replace("_", " ").casefold().split()))
    said = unit(text)
    return re.search(OF_MONEY if said is not None and said.money else f"{OF_MONEY}|{ALONE}", plain) is not None


def whole(text: str) -> bool:
    """Whether a cell says nothing else than that: `Percentage change on previous year`, and no name of a product."""
    plain = " ".join(text.replace("_", " ").casefold().split())
    if not told(text):
        return (found := unit(text, alone=True)) is not None and not found.money and found.factor == found.factor
    rest = re.sub(f"{OF_MONEY}|{ALONE}", " ", plain)
    return all(word in FILLING for word in re.findall(r"[^\W\d_]+", rest))


def column(values: Sequence[str], columns: Mapping[str, str], others: Iterable[str]) -> bool:
    """Whether a column's cells say that the values of their rows are no money; the unit of a weight is none where the
    table has weights (`columns`: field to heading, `others`: the headings beside)."""
    weighed = _with_weights(columns, " ".join(others))
    return all(whole(cell) and (told(cell) or not weighed) for cell in values)


def _with_weights(columns: Mapping[str, str], others: str) -> bool:
    return "tonnes" in columns or re.search(COUNTED, others.casefold()) is not None


def line(above: Iterable[str], around: Sequence[str]) -> str | None:
    """The line above a table, or that of its units `around` it, which says that it counts something else than money."""
    return next((one for one in _speaking(above, around) if _weighed(one) or _titled(one)), None)


def _speaking(above: Iterable[str], around: Sequence[str]) -> list[str]:
    """The lines that say what a table's numbers are: those above it, and of those around it the ones that say a unit,
    or nothing else."""
    spoken = rf"\b(in|are) ({OF_MONEY})"
    remark = r"\W*(notes?|sources?|remarks?|footnotes?)\b"
    below = [re.sub(r"^\W*\w+:\s*(?=\S)", "", one) for one in around]  # Note: Share of imports (%)
    titles = [one for one in above if not re.match(remark, one, re.IGNORECASE)]
    return [*titles, *(one for one, bare in zip(around, below, strict=True)
                       if UNITS.search(one) or re.search(spoken, one, re.IGNORECASE) or whole(bare))]  # fmt: skip


def _weighed(text: str) -> bool:
    """Whether a line names a unit of weight and none of money."""
    found = mentions(text)
    return bool(found) and not any(one.money for one in found)


def _titled(text: str) -> bool:
    """Whether a title says what is no money; what it says of rounding and of classifications does not count."""
    plain = re.sub(rf"{AT_PRICES}|\bchanges? (in|of|to) (?!per|value|%)", " ", text.casefold())
    plain = re.sub(NET, " ", plain) if re.search(r"imports?|exports?", re.sub(NET, " ", plain)) else plain
    return re.search(f"{OF_MONEY}|{TITLED}", plain) is not None and not re.search(r"\brounding\b|\badd up\b", plain)


def long_table(
    above: Sequence[str], around: Sequence[str], columns: Mapping[str, str], others: Iterable[str], name: str, *,
    money: Unit | None = None,
) -> None:  # fmt: skip
    """Raises InputError where a line beside a long table says that its values are no money, or (where a line says
    the unit `money`) a balance, and nothing else speaks of a share or a weight that the line may mean.

    `columns` maps our fields to headings, `others` are the headings beside.
    """
    net = (one for one in _speaking(above, around) if re.search(NET, one.casefold()) and _titled(one))
    found = next(net, None) if money is not None else line(above, around)
    if found is None or unit(columns["value_usd"]) is not None:
        return
    if re.search(VALUED, found.casefold()) and not re.search(NET, found.casefold()):
        return
    beside = " ".join(others).casefold()
    if not (told(beside) if _titled(found) else _with_weights(columns, beside)):
        raise InputError(fault(name, columns["value_usd"], found, money))


def other_money(above: Sequence[str], around: Iterable[str], heading: str, name: str, said: Unit | None) -> None:
    """Raises InputError where a line says that the numbers are at constant prices, of several periods together, or a
    part of the trade; `said` is the unit of money that a line says."""
    numbers = r"\b(data|figures|values?|amounts?|numbers?|units?|statistics)\b"
    remark = r"\W*(notes?|sources?|remarks?|footnotes?)\b"
    titles = [one for one in above if not re.match(remark, one, re.IGNORECASE)]
    lines = [*titles, *(one for one in around if re.search(numbers, one, re.IGNORECASE))]
    found = next((one for one in lines if OTHER_MONEY.search(one)), None)
    if found is not None and not OTHER_MONEY.search(heading.replace("_", " ")):
        told = f"a line beside the table says {found.strip(' ,;')!r}"
        allowed = f"values of each period at its own prices, of all trade, or {_anyway(said, found)}"
        raise InputError(Fault(name, None, heading, told, allowed))


def _anyway(said: Unit | None, found: str) -> str:
    """The option that reads the numbers all the same, in the unit that a line says."""
    known = said if said is not None and said.code == "USD" else None
    if known is None and MANY.search(found):
        return "unit= theirs in words, such as 'million USD' (--unit 'million USD') where they are"
    own = "USD" if known is None else words(known)
    shown = f"'{own}'" if " " in own else own
    return f"unit={own!r} (--unit {shown}) where they are"


def fault(name: str, heading: str, found: str, money: Unit | None = None) -> Fault:
    """What to say of a line that says something else than money; `money` is the unit that it says beside."""
    said = f"a line beside the table says {found.strip(' ,;')!r}" + ", and no heading says money" * (money is None)
    return Fault(name, None, heading, said, f"a table of values, or {_anyway(money, found)}")
