"""What people bring: a case as a zip file, a table in any of the usual forms. Names in it are never used as paths."""

from __future__ import annotations

import codecs
import io
import re
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from geoecon.case import FILES, LATER, Case, read_case
from geoecon.errors import Fault, InputError
from geoecon.law import REGIME_TABLES, regimes_beside
from geoecon.views import short
from geoecon.web.guard import MEGABYTE

ZIPPED, UNZIPPED, FLOWS, TEXT = 16 * MEGABYTE, 64 * MEGABYTE, 64 * MEGABYTE, MEGABYTE
FOLDER = re.compile(r"^[\w-]{1,40}$", re.ASCII)  # names of folders of rules; others are refused
UNPACKED = 512 * MEGABYTE  # of a workbook
CASE_FILES = ("case.toml", *LATER, *FILES, "GUIDE.md", "BETTER.md", "QUESTION.txt")
PARQUET, ZIP, OLD_EXCEL = b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCODINGS = {"": "by the file", "cp932": "Japanese (Shift JIS)", "cp949": "Korean", "gb18030": "Chinese",
             "cp1252": "Western European"}  # fmt: skip


def unpack_case(content: bytes, name: str = "upload") -> Mapping[str, bytes]:
    """The files of a zipped case folder by name, with its own regimes as regimes/NAME/TABLE. Raises InputError: no zip,
    too large, foreign or hidden paths."""
    allowed = "each file once, in one folder: " + ", ".join(CASE_FILES)
    return _unpack(content, short(name, 60), _of_case, "a zip of a case folder", allowed)


def unpack_regimes(content: bytes, name: str = "upload") -> Mapping[str, bytes]:
    """The tables of a zipped folder of rules, or of several such folders, by NAME/TABLE. Raises InputError as
    `unpack_case`."""
    known = ", ".join(f"{table}.csv" for table in REGIME_TABLES)
    allowed = f"each table once, in a folder for each regime: {known}, golden.yaml; or plain tables of rules as CSV"
    return _unpack(content, short(name, 60), _of_regimes, "a zip of a folder of rules", allowed)


def _of_case(path: PurePosixPath) -> str:
    """The name under which a file of a case is kept; nothing for what belongs to no case."""
    if "regimes" in path.parts[:-1][:2]:
        inside = _of_regimes(path)
        return f"regimes/{inside}" if inside else ""
    return path.name if len(path.parts) <= 2 and path.name in CASE_FILES else ""


def _of_regimes(path: PurePosixPath) -> str:
    """The same for a regime: FOLDER/TABLE, or the name alone of a plain table of rules."""
    folder = path.parent.name or "rules"
    table = path.name in ("golden.yaml", "README.md") or (
        path.suffix in (".csv", ".parquet") and path.stem in REGIME_TABLES
    )
    if len(path.parts) > 4 or not FOLDER.match(folder if table else path.stem):
        return ""
    return f"{folder}/{path.name}" if table else path.name if path.suffix == ".csv" else ""


def _unpack(
    content: bytes, label: str, kept_as: Callable[[PurePosixPath], str], wanted: str, allowed: str
) -> Mapping[str, bytes]:
    if len(content) > ZIPPED:
        raise InputError(Fault(label, None, None, f"{len(content):,} bytes", f"at most {ZIPPED:,} bytes"))
    if not content.startswith(ZIP):
        raise InputError(Fault(label, None, None, "not a zip file", wanted))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _members(packed, label, kept_as, wanted, allowed)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise InputError(Fault(label, None, None, f"not a readable zip file ({error})", wanted)) from None


def _members(
    packed: zipfile.ZipFile, label: str, kept_as: Callable[[PurePosixPath], str], wanted: str, allowed: str
) -> Mapping[str, bytes]:
    found: dict[str, bytes] = {}
    faults: list[Fault] = []
    room = UNZIPPED
    for member in packed.infolist():
        if member.is_dir() or member.filename.startswith("__MACOSX/"):
            continue
        path = PurePosixPath(member.filename.replace("\\", "/"))
        outside = path.is_absolute() or ".." in path.parts or ":" in member.filename
        linked = stat.S_ISLNK(member.external_attr >> 16)
        inside = "" if outside or linked else kept_as(path)
        if not inside or inside in found:
            faults.append(Fault(label, None, None, f"entry {short(member.filename, 60)!r}", allowed))
            continue
        with packed.open(member) as source:  # the size in the directory may lie: read no further than there is room
            found[inside] = source.read(room + 1)
        room -= len(found[inside])
        if room < 0:
            raise InputError(Fault(label, None, None, "unpacked content is too large", f"at most {UNZIPPED:,} bytes"))
    if faults:
        raise InputError(faults)
    if not found:
        raise InputError(Fault(label, None, None, "no file in it", wanted))
    return found


def keep_case(files: Mapping[str, bytes], folder: Path) -> Case:
    """Writes an unpacked case into a new folder below `folder` and reads it. Nothing is kept where it has faults."""
    place = _written(files, folder, "case-")
    try:
        regimes_beside(place)
        return read_case(place)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def keep_regimes(sent: Sequence[tuple[str, bytes]], folder: Path) -> tuple[Path, Mapping[str, str]]:
    """Writes rules that were sent, (name, content) each, into a new folder below `folder`: a zip, the tables of one
    regime, or plain tables of rules. Returns the folder, and the names as they were given by those that we gave.

    Raises InputError with every file that is none of these; nothing is kept then.
    """
    found: dict[str, bytes] = {}
    names: dict[str, str] = {}
    faults: list[Fault] = []
    for number, (name, content) in enumerate(sent, 1):
        given = PurePosixPath(name.replace("\\", "/")).name
        if content.startswith(ZIP) and not workbook_of(content):
            inside = dict(unpack_regimes(content, name))
        elif "/" in (tabled := _of_regimes(PurePosixPath(given))):
            inside = {tabled: content}
        elif ending := ending_of(content):
            ours = f"table-{number}{ending}"
            inside, names[ours] = {ours: content}, given
        else:
            allowed = "a zip of a folder of rules, its tables as CSV, or plain tables of rules"
            faults.append(Fault(short(given, 60), None, None, "neither a zip, CSV, JSON, Excel nor Parquet", allowed))
            continue
        faults += [Fault(short(given, 60), None, None, f"{one} stands twice", "each table once")
                   for one in inside if one in found]  # fmt: skip
        found |= inside
    if sum(map(len, found.values())) > UNZIPPED:
        faults.append(Fault("upload", None, None, "too large", f"at most {UNZIPPED:,} bytes"))
    if faults or not found:
        raise InputError(faults or [Fault("upload", None, None, "no file", "a zip or CSV files")])
    return _written(found, folder, "regimes-"), names


def _written(files: Mapping[str, bytes], folder: Path, prefix: str) -> Path:
    """A new folder below `folder` with the files; their names are ours, with at most a folder or two before them."""
    place = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
    for name, content in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return place


def keep_table(content: bytes, name: str, folder: Path, encoding: str = "") -> Path:
    """Keeps an uploaded table under a name of ours: CSV, JSON, Excel or Parquet by what it is, not by what it is
    called. With an `encoding` the text is kept in UTF-8.

    Raises InputError for an empty, large or foreign file, and where the text is not in that encoding.
    """
    label = short(name, 60)
    allowed = f"CSV, JSON, Excel or Parquet, at most {FLOWS:,} bytes"
    if not content or len(content) > FLOWS:
        raise InputError(Fault(label, None, None, f"{len(content):,} bytes", allowed))
    if encoding not in ENCODINGS:
        raise InputError(f"encoding {short(encoding, 20)!r}; allowed: {', '.join(filter(None, ENCODINGS))}, or none")
    content = content if encoding else _unwidened(content)
    suffix = ending_of(content)
    if not suffix:
        raise InputError(Fault(label, None, None, "neither CSV, JSON, Excel nor Parquet", allowed))
    content = _in_utf8(content, label, encoding) if suffix in (".csv", ".json") else content
    with tempfile.NamedTemporaryFile(prefix="table-", suffix=suffix, dir=folder, delete=False) as kept:
        kept.write(content)
    return Path(kept.name)


def _unwidened(content: bytes) -> bytes:
    """Text in UTF-16, as Excel saves Unicode text, in UTF-8; other content as it is."""
    if not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content
    try:
        return content.decode("utf-16").encode()
    except UnicodeDecodeError:
        return content


def ending_of(content: bytes) -> str:
    """The ending of a table by what it is, not by what it is called; nothing for what is none."""
    if content.startswith(PARQUET):
        return ".parquet"
    if workbook := workbook_of(content):
        return workbook
    if not content or not _is_text(content):
        return ""
    return ".json" if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else ".csv"


def workbook_of(content: bytes) -> str:
    """The ending of an Excel workbook that does not unpack to more than there is room for; nothing for other files."""
    if content.startswith(OLD_EXCEL):
        return ".xls"
    if not content.startswith(ZIP):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            listed = packed.infolist()
    except zipfile.BadZipFile:
        return ""
    names = {one.filename for one in listed}
    if sum(one.file_size for one in listed) > UNPACKED:
        return ""
    return ".xlsx" if "xl/workbook.xml" in names else ".xlsb" if "xl/workbook.bin" in names else ""


def _is_text(content: bytes) -> bool:
    """Letters of some encoding: no control bytes, and no page or program that is written in letters."""
    head = content[: 64 * 1024]
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]|\x1b(?![$(])", head) and not re.match(
        rb"\s*(<(!doctype|html|\?xml)|%PDF-)", head, re.IGNORECASE
    )


def _in_utf8(content: bytes, label: str, encoding: str) -> bytes:
    if not encoding:
        return content
    try:
        return content.decode(encoding).encode()
    except UnicodeDecodeError as error:
        found = f"not {ENCODINGS[encoding]} at byte {error.start}"
        raise InputError(Fault(label, None, None, found, "the encoding that it was written in")) from None
