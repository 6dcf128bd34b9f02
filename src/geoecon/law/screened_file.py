"""Screened shipments as a file: CSV, Parquet, or a workbook with the verdict in words and colour."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geoecon import tables
from geoecon.errors import InputError, MissingData
from geoecon.files import file_aside
from geoecon.law import verdicts, vocabulary
from geoecon.law.answer import NOT_LEGAL_ADVICE

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

    from geoecon.kinds import Cell
    from geoecon.law.screening import Screening

ENDINGS = (".csv", ".parquet", ".xlsx")
FIRST = ("verdict", "why", "ask the supplier or buyer")


def write(result: Screening, out: str | Path) -> None:
    """Answers beside the shipments, by the ending of the file; complete or not at all."""
    path = Path(out)
    if path.suffix not in ENDINGS:
        raise InputError(f"output file {path.name}; allowed: a name ending in {', '.join(ENDINGS)}")
    with file_aside(path) as part:
        if path.suffix == ".xlsx":
            _workbook(result, part)
        elif path.suffix == ".csv":
            tables.to_csv(_told(result), part)
        else:
            _told(result).to_parquet(part, index=False)


def _told(result: Screening) -> pd.DataFrame:
    """The answers with what to ask the supplier or buyer."""
    asks = [" ".join(questions(answer.missing)) for answer in result.answers]
    return result.to_frame().assign(**{FIRST[2]: [asks[number] for number in result.index]})


def _workbook(result: Screening, path: Path) -> None:
    """The shipments, their verdicts in colour, the reasons, and what to ask the supplier or buyer."""
    try:
        import xlsxwriter
    except ImportError:
        raise MissingData("xlsxwriter: pip install 'geoecon[office]'") from None
    frame = result.to_frame()
    own = [str(column) for column in result.shipments.columns]
    more = [column for column in frame.columns if column not in (*own, "verdict")]
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("shipments")
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        fills = {
            known.word: book.add_format({"bold": True, "font_color": "#ffffff", "bg_color": known.colour})
            for known in verdicts.ALL
        }
        for position, name in enumerate((*own, *FIRST, *more)):
            sheet.write_string(0, position, str(name), bold)
        sheet.freeze_panes(1, 0)
        sheet.set_column(len(own), len(own), 20)
        sheet.set_column(len(own) + 1, len(own) + 2, 60, wrap)
        for line, values in enumerate(frame[[*own, *more]].itertuples(index=False), 1):
            answer = result.answer(line - 1)
            verdict = answer.verdict_of
            mark = " (presumed)" if answer.presumed else ""
            for position, value in enumerate(values[: len(own)]):
                _cell(sheet, line, position, value)
            sheet.write_string(line, len(own), f"{verdict.sign} {verdict.word}{mark}", fills[verdict.word])
            sheet.write_string(line, len(own) + 1, "; ".join((*answer.reasons[:2], *answer.party[:2])))
            sheet.write_string(line, len(own) + 2, " ".join(questions(answer.missing)))
            for position, value in enumerate(values[len(own) :], len(own) + len(FIRST)):
                _cell(sheet, line, position, value)
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
    else:
        sheet.write_string(line, position, value.isoformat()[:10] if hasattr(value, "isoformat") else str(value))


def questions(missing: tuple[str, ...]) -> list[str]:
    """What to ask, in words, for facts that are missing."""
    known = vocabulary.known_facts()
    words = {"item": "Which item of the list is it?"}
    return list(dict.fromkeys(known[name]["question"] if name in known else words.get(name, f"{name}?")
                              for name in missing))  # fmt: skip
