"""Files and folders that are written aside and put in place at once: whole, or not there at all; and where the user's
own are kept."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from geoecon.errors import InputError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # no space left, over a quota, over the size of a file


def no_room(error: Exception) -> str:
    """Why nothing more can be written, and what would do, where an error says that there is no room for it; else empty.

    DuckDB, Arrow and libxml have errors of their own, with the number or the name of the system's in their text.
    """
    number = getattr(error, "errno", None)
    if number is None and (told := re.search(r"errno\W{1,6}(\d+)|\bIO_(E[A-Z]+)\b", str(error))):
        number = int(told[1] or getattr(errno, told[2], 0))
    if number not in NO_ROOM:
        return ""
    return f"{os.strerror(number)}; allowed: a place with room, for working files TMPDIR"


def own_folder() -> Path:
    """Where the user's own files, records and saved questions are kept; GEOECON_DATA names another place."""
    own = os.environ.get("GEOECON_DATA")
    if own:
        return Path(own)
    from platformdirs import user_data_path

    return user_data_path("geoecon")


def own_record(name: str) -> Path | None:
    """The user's newer rows of a bundled table, or None where there are none (`geoecon data update`)."""
    place = own_folder() / "records" / f"{name}.parquet"
    return place if place.is_file() else None


@contextmanager
def file_aside(path: Path) -> Iterator[Path]:
    """A path beside `path` for the block to write; it takes that place when the block ends without an error.

    Raises InputError where the place cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with _writable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield part
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def notes_beside(path: Path, notes: Iterable[str]) -> None:
    """What must be known of a text file, line by line in `NAME.notes.txt` beside it; an older one goes where there is
    nothing to say."""
    beside, lines = path.with_name(path.name + ".notes.txt"), "".join(f"{note}\n" for note in notes)
    if not lines:
        beside.unlink(missing_ok=True)
        return
    with file_aside(beside) as part:
        part.write_text(lines, encoding="utf-8")


@contextmanager
def folder_aside(folder: Path) -> Iterator[Path]:
    """An empty folder beside `folder` that replaces it when the block ends without an error.

    Raises InputError where the place cannot be written.
    """
    with _writable(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            aside.chmod(0o755)
            yield aside
            old = aside.with_name(aside.name + ".old")
            if folder.exists():
                folder.rename(old)
            aside.rename(folder)
            shutil.rmtree(old, ignore_errors=True)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def check_place(path: Path) -> None:
    """Raises InputError where nothing can be written at `path`: tried in the nearest folder that is there."""
    with _writable(path):
        there = next(folder for folder in path.absolute().parents if folder.exists())
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=there):
            pass


def not_over(out: str | Path, source: str | Path) -> None:
    """Raises InputError where a file would be written over the one that is read: rows that were set aside would be
    gone."""
    if Path(out).resolve() == Path(source).resolve():
        raise InputError(f"out {Path(out).name} is the file that is read; allowed: another name")


@contextmanager
def in_memory(path: Path) -> Iterator[io.BytesIO]:
    """A buffer that is written to `path` when the block ends without an error: for packers that a full disk would leave
    half open."""
    content = io.BytesIO()
    yield content
    path.write_bytes(content.getvalue())


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if full := no_room(error):
            raise InputError(f"{path} cannot be written ({full})") from None
        place = isinstance(error, FileExistsError | IsADirectoryError | NotADirectoryError | PermissionError)
        if not place and Path(str(error.filename or path)).absolute().parent not in path.absolute().parents:
            raise  # of a file that the block reads
        raise InputError(f"{path} cannot be written ({error.strerror}); allowed: a place open to you") from None
