"""Files and folders that are written aside and put in place at once: whole, or not there at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geoecon.errors import InputError


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


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except (FileExistsError, IsADirectoryError, NotADirectoryError, PermissionError) as error:
        raise InputError(f"{path} cannot be written ({error.strerror}); allowed: a place open to you") from None
