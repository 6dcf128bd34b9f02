"""`geoecon case …`: a case as one file to send, or as a workbook to edit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App

from geoecon.cli.options import writes_file, writes_folder

case = App(name="case", help="A case as one checked file to send, or as a workbook to edit.")


@case.command
def pack(folder: Path, *, out: Annotated[Path | None, writes_file("the zip")] = None) -> None:
    """One checked zip with sums; `geoecon run FILE.zip` runs it."""
    from geoecon.questions import pack as packed

    print(f"Packed: {packed(folder, out)}")


@case.command(name="to-xlsx")
def to_xlsx(folder: Path, *, out: Annotated[Path | None, writes_file("the workbook")] = None) -> None:
    """The tables as one workbook, what the checker says beside the cells."""
    from geoecon.questions import to_xlsx as written

    print(f"Workbook: {written(folder, out)}")


@case.command(name="from-xlsx")
def from_xlsx(file: Path, *, out: Annotated[Path | None, writes_folder("the case folder")] = None) -> None:
    """The case folder of a workbook, checked."""
    from geoecon.questions import from_xlsx as made

    print(f"Case folder: {made(file, out)}")
