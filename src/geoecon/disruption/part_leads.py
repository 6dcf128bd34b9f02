"""A time as people write it in a cell: `ca. 6 Wochen`, `2 weeks 3 days`, `12+ weeks`, `KW48/26`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from geoecon.dates import TIMES

CELL_TIMES: Mapping[str, float] = {**TIMES, **{  # what is a time in a cell of times and another thing elsewhere
    "t": 1, "j.o": 1.4, "jo": 1.4, "at": 1.4, "a.t": 1.4, "wd": 1.4, "wds": 1.4, "bd": 1.4, "bds": 1.4, "w.d": 1.4,
    "mon": 30.4375, "h": 1 / 24, "hrs": 1 / 24, "hours": 1 / 24, "std": 1 / 24, "stunden": 1 / 24,
}}  # fmt: skip
UNKNOWN = frozenset((  # cells that say that nobody knows
    "on request", "upon request", "auf anfrage", "a.a.", "sur demande", "a consultar", "su richiesta", "offen",
    "unbekannt", "inconnu", "à confirmer", "a confirmer", "desconocido", "要相談", "未定", "不明", "待定", "待确认",
    "询价", "미정", "협의", "별도협의", "확인중", "pending", "open", "to be confirmed", "to be advised", "not known",
    "allocation", "on allocation", "k.a.", "k. a.", "keine angabe", "n.v.", "#n/a", "#nv", "#ref!", "#value!",
))  # fmt: skip
_ABOUT = (
    r"^(?:approx(?:imately|\.)?|about|around|ca\.?|circa|etwa|rund|ungefähr|env(?:iron|\.)?|aprox\.?|unos|unas|ok\.|około"
    r"|ongeveer|cirka|~|≈|約|约|약|大约|大概)\s*|\s*(?:approx\.?|ca\.?|程度|左右|前後|前后|ほど|정도|내외|ARO|a\.r\.o\.|est\.?"
    r"|(?:ab|nach) bestell(?:ung|datum|eingang)|(?:from|after) (?:receipt of )?(?:order|po)|après commande"
    r"|desde (?:el )?pedido|dall'ordine|na bestelling|od zamówienia)$"
)
_REMARK = r"\s*[\(\[][^\d()\[\]]*[\)\]]$"  # 5 days (air)
_LEAST = (
    r"^(?:>=?|≥|min(?:imum|d)?\b\.?|mindestens|at least|over|more than|über|mehr als|au moins|plus de|al menos"
    r"|最短|最低)"
    r"|^\d[\d.,]*\s*\+|\+$|(?:or more|and more|以上|이상|oder mehr|et plus|minimum|min\.?)$"
)
_MOST = (
    r"^(?:<=?|≤|max(?:imum|\b\.?)|maximal|höchstens|up to|less than|under|bis zu|unter|jusqu'à|moins de|hasta"
    r"|最長|最长)"
    r"|(?:or less|以内|以下|이내|이하|max\.?|maximum|oder weniger)$"
)
_WEEK_OF_YEAR = (
    r"^(?:kw|cw|wk|week|woche|sem(?:aine)?|s)\s*\.?\s*\d{1,2}\s*(?:[/.\-' ]\s*(?:20)?\d\d)?$|^第?\d{1,2}[周週]目$"
    r"|^20\d\d-?w\d\d$"
)
_DAY = r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$|^\d{4}年\d{1,2}月"
_TWO = r"^(\d+)\s*([^\W\d]+)\.?\s*(?:,|;|and|und|et|y|\+|&)?\s*(\d+)\s*([^\W\d]+)\.?$"
LENGTH = "a length from the order, such as 8 weeks"


def plain_time(cell: str) -> tuple[str, tuple[str, str] | None]:
    """(the cell as one number or range with its time, what it is and what is allowed where it is no length).

    Words that say `about` and remarks in brackets change nothing; two times side by side are added in days. A bound on
    one side, a week of the calendar and a date are no lengths.
    """
    text = cell.strip() if cell.isascii() else " ".join(unicodedata.normalize("NFKC", cell).split())
    text = re.sub(_ABOUT, "", re.sub(_REMARK, "", text), flags=re.IGNORECASE)
    for words, told in ((_LEAST, "the least, the most is not said"), (_MOST, "the most, the least is not said")):
        if re.search(words, text, re.IGNORECASE):
            return text, (f"{cell!r} is {told}", "one number, or a range such as 12-16 weeks")
    if re.search(_WEEK_OF_YEAR, text, re.IGNORECASE):
        return text, (f"{cell!r} is a week of the calendar", LENGTH)
    if re.search(_DAY, text):
        return text, (f"{cell!r} is a date", LENGTH)
    if (two := re.match(_TWO, text)) is not None:
        long, short = (CELL_TIMES.get(two[k].casefold()) for k in (2, 4))
        if long is not None and short in (1, 7, 30.4375) and short < long:
            return f"{int(two[1]) * long + int(two[3]) * short:g} days", None
    text = re.sub(r"(?<=\d)\s*[〜~−—ー]\s*(?=\d)", "-", text)
    return re.sub(r"(?<=\d)\s+(?:a|à|al|til|tot)\s+(?=\d)", "-", text), None
