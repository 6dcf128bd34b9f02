"""Screened shipments as a file: CSV, Parquet, or a workbook with the verdict in words and colour."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from geoecon import tables
from geoecon.errors import InputError, MissingData
from geoecon.files import file_aside, in_memory
from geoecon.law import verdicts, vocabulary
from geoecon.law.answer import NOT_LEGAL_ADVICE
from geoecon.law.headings import ASK
from geoecon.law.shipment_files import line_of

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

    from geoecon.kinds import Cell
    from geoecon.law.screening import Screening

ENDINGS = (".csv", ".parquet", ".xlsx")
WHY = "why"


def write(result: Screening, out: str | Path) -> None:
    """Answers beside the shipments, by the ending of the file; complete or not at all."""
    path = Path(out)
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise InputError(f"output file {path.name}; allowed: a name ending in {', '.join(ENDINGS)}")
    table = written(result)
    with file_aside(path) as part:
        if ending == ".xlsx":
            _workbook(result, table, part)
        elif ending == ".csv":
            tables.to_csv(table, part)
        else:
            table.to_parquet(part, index=False)


def written(result: Screening) -> pd.DataFrame:
    """The table that every file holds: the shipments, verdict, why, what to ask the supplier or buyer, and the rest of
    the answer; yes and no in words."""
    own = [str(column) for column in result.shipments.columns]
    why, ask, verdict = map(result.beside, (WHY, ASK, "verdict"))
    frame = result.to_frame().assign(**{
        why: result.each(lambda answer: (*answer.reasons[:2], *answer.party[:2]), own=True),
        ask: result.each(lambda answer: " ".join(questions(answer.missing)), own=False),
    })  # fmt: skip
    for name in map(result.beside, ("known", "presumed")):
        frame[name] = frame[name].map({True: "yes", False: "no"})
    lines = map(partial(line_of, result.shipments), range(len(frame)))
    frame[result.beside("line")] = list(lines)  # of the file that was read
    first = (*own, verdict, why, ask)
    return frame[[*first, *(name for name in frame.columns if name not in first)]]


def _workbook(result: Screening, table: pd.DataFrame, path: Path) -> None:
    """The table with each verdict by its sign and colour, and a page on how to read it."""
    try:
        import xlsxwriter
    except ImportError:
        raise MissingData("xlsxwriter: pip install 'geoecon[office]'") from None
    at = len(result.shipments.columns)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
               "default_date_format": "yyyy-mm-dd", "remove_timezone": True}  # fmt: skip
    with in_memory(path) as content, xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet("shipments")
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        fills = {
            known.word: book.add_format({"bold": True, "font_color": "#ffffff", "bg_color": known.colour})
            for known in verdicts.ALL
        }
        for position, name in enumerate(table.columns):
            sheet.write_string(0, position, str(name), bold)
        sheet.freeze_panes(1, 0)
        sheet.set_column(at, at, 20)
        sheet.set_column(at + 1, at + 2, 60, wrap)
        for line, values in enumerate(table.itertuples(index=False), 1):
            for position, value in enumerate(values):
                _cell(sheet, line, position, value)
            answer = result.answers[result.index[line - 1]]
            verdict, mark = answer.verdict_of, " (presumed)" if answer.presumed else ""
            sheet.write_string(line, at, f"{verdict.sign} {verdict.word}{mark}", fills[verdict.word])
        notes = book.add_worksheet("how to read")
        for line, text in enumerate(
            (result.sentence(), *result.notes, NOT_LEGAL_ADVICE, *(f"{v.sign} {v.word}" for v in verdicts.ALL))
        ):
            notes.write_string(line, 0, text)


def _cell(sheet: Worksheet, line: int, position: int, value: Cell) -> None:
    if value is None or not tables.given(value):
        return
    if isinstance(value, bool):
        sheet.write_string(line, position, "yes" if value else "no")
    elif isinstance(value, int | float):
        sheet.write_number(line, position, value)
    elif isinstance(value, date):  # a day, or a moment
        sheet.write_datetime(line, position, value)
    else:
        sheet.write_string(line, position, str(value))


def questions(missing: tuple[str, ...]) -> list[str]:
    """What to ask, in words, for facts that are missing."""
    known = vocabulary.known_facts()
    words = {"item": "Which item of the list is it?"}
    return list(dict.fromkeys(known[name]["question"] if name in known else words.get(name, f"{name}?")
                              for name in missing))  # fmt: skip
