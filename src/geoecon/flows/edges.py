"""What stands around a table: titles above that say a unit, notes and totals below, empty fields behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from geoecon.errors import Fault, InputError
from geoecon.flows.multiples import MANY
from geoecon.flows.no_money import UNITS
from geoecon.flows.units import UNCLEAR, Unit, mentions, unit, words

Rows = list[tuple[int, list[str]]]
TOTALS = re.compile(
    r"^((grand|sub|sum)[ -]?)?totals?( (imports?|exports?|general|général|of .*|[0-9]{4}))?$|^sum(me)?$|^overall$|^all$"
    r"|^insgesamt$|^gesamt$|^zusammen$|^totale$|^ensemble$|^totaal$|^totalt$|^i alt$|^razem$|^ogółem$|^итого$|^всего$"
    r"|^celkem$|^összesen$|^yhteensä$|^toplam$|^jumlah$|^ukupno$|^σύνολο$|^suma( total)?$|^somme$|^tổng( cộng)?$|^รวม$"
    r"|^(小计|小計|合計|総計|总计|合计|總計|소계|합계|총계)$"
)
NOTHING = ("-", "–", "—", "..", "...", "*")  # in a key of a total
NUMBER = re.compile(r"^[-+]?[0-9][0-9.,\s'\u00a0\u202f]*$")
UNTOLD = re.compile(r"^=.*\(never computed\)$")  # a formula of a workbook that no program has computed
SAID = re.compile(
    rf"\b(values?|units?|amounts?|figures|data|in|of)\b.*?{MANY.pattern}|^\W*{MANY.pattern}"
    rf"|{MANY.pattern}\W*$",
    re.IGNORECASE,
)  # where a multiple is that of the numbers
LIMIT = re.compile(
    r"\b(below|above|under|over|less|more|least|most|minimum|maximum|threshold|exceed\w*|up to|smaller|larger|per"
    r"|rate|unter|über|ab|mindestens|moins|plus|inférieur\w*|supérieur\w*|menos|más|más de)\b"
    r"|未満|以上|以下|未满|이상|미만"
    r"|[<>≥≤]",
    re.IGNORECASE,
)  # what a sum of money beside it limits, or divides
SENTENCES = re.compile(r"(?<=[a-z]{5})\.\s+|(?<=[a-z]{5})\.$|;\s+")
REMARK = re.compile(  # how a line of remarks below a table begins
    r"^(sources?|notes?|remarks?|footnotes?|data source|quellen?|anmerkung(en)?|hinweis|fuentes?|notas?|legend"
    r"|last update|updated|extracted|download(ed)?|retrieved|copyright|©|\(c\)"
    r"|资料来源|数据来源|注|資料|出典|備考|자료|출처|주)\b"
    r"|^[*†‡¹²³#]"
    r"|^\(?[0-9a-z]\)\s?\D",
    re.IGNORECASE,
)


def said_unit(titles: Iterable[str]) -> Unit | None:
    """The unit of money that the lines around a table say; one that is none where they say two, or a multiple alone.

    What is a limit of the table (flows below 1,000 USD), a rate or an amount is no unit.
    """
    lines = [part for title in titles for part in SENTENCES.split(title) if not LIMIT.search(part)]
    found = {told for line in lines for told in mentions(line) if told.money and "no multiple" not in told.code}
    if len(found) == 1:
        return found.pop()
    bare = [match[0] for line in lines if unit(line) is None and (match := SAID.search(line)) is not None]
    bare = [MANY.findall(told)[-1] for told in bare]
    if found:
        return Unit(f"{' or '.join(sorted(words(told) for told in found))} {UNCLEAR}", 1.0)
    return Unit(f"{bare[0]} of a currency that is not said", 1.0) if bare else None


def said_weight(titles: Iterable[str]) -> Unit | None:
    """The unit of weight that a line around a table says beside that of money, or in a line of units."""
    lines = [part for title in titles for part in SENTENCES.split(title) if not LIMIT.search(part)]
    told = [mentions(line) for line in lines]
    found = {one for line, units in zip(lines, told, strict=True) for one in units
             if not one.money and (any(other.money for other in units) or UNITS.search(line))}  # fmt: skip
    return found.pop() if len(found) == 1 else None


def units_below(header: Sequence[str], rows: Rows, value: int, period: int) -> tuple[Rows, list[str]]:
    """The rows without what stands between the header and the data: the units of columns, their numbers; the lines."""
    told: list[str] = []
    while rows and len(rows[0][1]) >= len(header):
        cells = [cell.strip() for cell in rows[0][1][: len(header)]]
        numbered = [re.sub(r"\D", "", cell) for cell in cells] == [str(k) for k in range(1, len(cells) + 1)]
        named = unit(cells[value]) is not None and not re.search(r"\d{4}", cells[period])
        if cells == [heading.strip() for heading in header]:
            break
        if not named and not (numbered and not re.search(r"\d{4}", cells[period])):
            break
        told.append(cells[value] if named else "numbers of the columns")
        rows = rows[1:]
    return rows, told


def trimmed(rows: Rows, header: Sequence[str], name: str, last: int = 0) -> tuple[Rows, list[str], list[str], Rows]:
    """Rows of just the fields of the header, what was taken off (notes, totals, repeated headers), the notes below and
    the totals.

    Empty fields beyond are cut, and a number of the row in front. `last` is the last line of other rows, which are
    data: what stands above it is not below the table. Raises InputError with every row that has another
    number of fields and is no note.
    """
    width, notes = len(header), []
    if rows and all(len(cells) == width + 1 and cells[0].strip() == str(k) for k, (_, cells) in enumerate(rows, 1)):
        rows = [(line, cells[1:]) for line, cells in rows]
        notes.append("each line begins with its number, which the header does not name: left out")
    rows = [(line, cells[:width] if len(cells) > width and not any(c.strip() for c in cells[width:]) else cells)
            for line, cells in rows]  # fmt: skip
    below: Rows = []
    while rows and rows[-1][0] > last and (_note(rows[-1][1], width) or is_total(rows[-1][1], width)):
        below.insert(0, rows.pop())
    totals = [row for row in (*rows, *below) if is_total(row[1], width)]
    below = [row for row in below if not is_total(row[1], width)]
    rows = [row for row in rows if not is_total(row[1], width)]
    again = [line for line, cells in rows if [c.strip() for c in cells] == [c.strip() for c in header]]
    if again:
        notes.append(f"the header stands again in line {again[0]}" + " and others" * (len(again) > 1) + ": left out")
        rows = [row for row in rows if row[0] not in set(again)]
    wide = [(line, len(cells)) for line, cells in rows if len(cells) != width]
    if wide:
        if not last and len(wide) == len(rows) > 1 and len({size for _, size in wide}) == 1:
            told = f"each line has {wide[0][1]} fields"
            raise InputError(Fault(name, wide[0][0], None, told, f"{width} fields as in the header"))
        raise InputError(
            Fault(name, line, None, f"{size} fields", f"{width} fields as in the header") for line, size in wide
        )
    said = [" ".join(c.strip() for c in cells if c.strip()) for _, cells in below]
    if below:
        told = "; ".join(next(c.strip() for c in cells if c.strip()) for _, cells in below)
        notes.append(f"{len(below)} lines below the table set aside (from line {below[0][0]}): {told[:200]}")
    for line, cells in totals[:20]:
        told = ", ".join(c.strip() for c in cells if c.strip())
        notes.append(f"line {line} is a total and set aside: {told[:120]}")
    notes += [f"and {len(totals) - 20} more totals"] if len(totals) > 20 else []
    return rows, notes, said, [row for row in totals if not any(UNTOLD.match(cell.strip()) for cell in row[1])]


def _note(cells: Sequence[str], width: int) -> bool:
    """One cell with words in a table of three columns and more, or a line that begins as remarks do."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if width < 3 or not filled or NUMBER.match(filled[0]):
        return False
    alone = len(filled) == 1 and len(cells) <= width
    if len(cells) < width and len(filled) < 3 and not re.search(r"\d", " ".join(filled)):
        return True  # what a sign stands for: ":", "not available"
    if len(cells) != width and not any(NUMBER.match(cell) for cell in filled) and len(" ".join(filled).split()) > 3:
        return True  # a sentence with commas in it
    return alone or (REMARK.match(filled[0]) is not None and filled[0] == cells[0].strip() and len(cells) != width) or (
        REMARK.match(filled[0]) is not None and not NUMBER.match(filled[-1])
    )  # fmt: skip


def is_total(cells: Sequence[str], width: int) -> bool:
    """A row that calls itself a total and leaves its keys empty."""
    plain = ["" if cell.strip() in NOTHING else cell.strip() for cell in cells]
    texts = [cell.rstrip(":").casefold() for cell in plain if cell and not (NUMBER.match(cell) or UNTOLD.match(cell))]
    empty = plain.count("")
    return len(cells) == width and bool(texts) and all(TOTALS.match(text) for text in texts) and empty >= 1
