"""Files that are no table of rows, told by their first bytes, with what to ask the office for instead."""

from __future__ import annotations

from pathlib import Path

from geoecon.errors import Fault, InputError

KINDS = (  # first bytes -> what it is, what to take
    (b"%PDF", "a PDF", "the table behind it as CSV or Excel"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "the file inside, or a zip archive"),
    (b"Rar!", "a RAR archive", "the file inside, or a zip archive"),
    (b"RDX", "a file of R", "the table written as CSV or Parquet"),
    (b"<stata_dta", "a file of Stata", "the table written as CSV or Parquet"),
    (b"$FL2", "a file of SPSS", "the table written as CSV or Parquet"),
    (b"SQLite format 3", "a database of SQLite", "the table written as CSV or Parquet, or a database of DuckDB"),
    (b"ARROW1", "a Feather file", "the table written as CSV or Parquet"),
    (b"BZh", "a file packed with bzip2", "the file inside, or packed with gzip or zip"),
    (b"\xfd7zXZ", "a file packed with xz", "the file inside, or packed with gzip or zip"),
    (b"\x28\xb5\x2f\xfd", "a file packed with zstd", "the file inside, or packed with gzip or zip"),
    (b"\x80\x04\x95", "a pickle of Python", "the table written as CSV or Parquet"),
    (b"\x80\x05\x95", "a pickle of Python", "the table written as CSV or Parquet"),
    (b"HDF", "a file of HDF", "the table written as CSV or Parquet"),
)
SDMX = "the same query as SDMX-CSV (format=csvdata)"


def refuse(path: Path, name: str) -> None:
    """Raises InputError for a file of a kind that holds no rows that we can read."""
    with path.open("rb") as file:
        start = file.read(4096)
    plain = start.lstrip(b'\xef\xbb\xbf \r\n\t"')
    for mark, what, allowed in KINDS:
        if start.startswith(mark) or plain.startswith(mark):
            raise InputError(Fault(name, None, None, what, allowed))
    if path.suffix.lower() == ".dta":
        raise InputError(Fault(name, None, None, "a file of Stata", "the table written as CSV or Parquet"))
    if start.startswith(b"PK") and b"oasis.opendocument" in start:
        raise InputError(Fault(name, None, None, "a workbook of OpenDocument", "the table saved as .xlsx or CSV"))
    if path.suffix.lower() in (".html", ".htm"):
        raise InputError(Fault(name, None, None, "a page of HTML", "the table as CSV or Excel"))
    if plain[:5].lower() == b"<?xml" and b"<html" not in plain.lower() and b"Workbook" not in plain:
        what = "an XML file of SDMX" if b"sdmx" in plain.lower() else "an XML file"
        raise InputError(Fault(name, None, None, what, SDMX if "SDMX" in what else "the table as CSV or Excel"))
    if path.suffix.lower() == ".json" and plain[:1] == b"{":
        if b'"dataSets"' in plain or b'"structures"' in plain:
            raise InputError(Fault(name, None, None, "a JSON file of SDMX", SDMX))
        if b'"class"' in plain and b'"dataset"' in plain and b'"dimension"' in plain:
            raise InputError(Fault(name, None, None, "a JSON-stat file", "the same query as CSV"))
