"""A case as one file to send: a zip of its checked tables with their sums, and what a received one may hold."""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
import zipfile
from pathlib import Path

from geoecon.case.columns import FILES, LATER
from geoecon.errors import Fault, InputError
from geoecon.files import file_aside

SUMS = "SHA256SUMS"
MOST_BYTES = 64 * 2**20  # of one file, unpacked
ALLOWED = ("case.toml", *FILES, *LATER, SUMS)
STAMP = (1980, 1, 1, 0, 0, 0)  # the same case gives the same bytes


def pack_folder(folder: Path, out: Path) -> Path:
    """Writes the files of a case and their SHA-256 sums as a zip. The caller has checked the case."""
    names = [name for name in ALLOWED if name != SUMS and (folder / name).is_file()]
    content = {name: (folder / name).read_bytes() for name in names}
    sums = "".join(f"{hashlib.sha256(content[name]).hexdigest()}  {name}\n" for name in names)
    with file_aside(out) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as parcel:
        for name, data in {**content, SUMS: sums.encode()}.items():
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            parcel.writestr(info, data)
    return out


def unpacked(path: Path) -> Path:
    """A temporary folder with the files of a packed case; it goes when the process ends.

    Raises InputError with every fault: no zip, a name that is no file of a case (so no path leads out), a file twice,
    one that is too large, sums that are missing or do not agree. Nothing is written where there is a fault.
    """
    try:
        with zipfile.ZipFile(path) as parcel:
            entries = parcel.infolist()
            faults = _names(path.name, entries)
            if faults:
                raise InputError(faults)
            content = {entry.filename: _bytes(parcel, entry) for entry in entries}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise InputError(f"{path.name}: {error}; allowed: a file made by `geoecon case pack`") from None
    faults = _sums(path.name, content)
    if faults:
        raise InputError(faults)
    folder = Path(tempfile.mkdtemp(prefix="geoecon-case-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name, data in content.items():
        (folder / name).write_bytes(data)
    return folder


def _bytes(parcel: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Content of an entry, never more than it may hold, whatever its header says."""
    with parcel.open(entry) as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise InputError(f"{entry.filename}: more than {MOST_BYTES // 2**20} MB; allowed: up to that")
    return data


def _names(parcel: str, entries: list[zipfile.ZipInfo]) -> list[str | Fault]:
    faults: list[str | Fault] = []
    names = [entry.filename for entry in entries]
    for entry in entries:
        if entry.filename not in ALLOWED:
            faults.append(Fault(parcel, None, None, f"entry {entry.filename!r}", "files of a case, without folders"))
        elif entry.file_size > MOST_BYTES:
            faults.append(Fault(parcel, None, entry.filename, f"{entry.file_size} bytes", f"up to {MOST_BYTES}"))
    for twice in sorted({name for name in names if names.count(name) > 1}):
        faults.append(Fault(parcel, None, twice, "stands twice", "each file once"))
    return faults


def _sums(parcel: str, content: dict[str, bytes]) -> list[str | Fault]:
    if SUMS not in content:
        return [Fault(parcel, None, SUMS, "file is missing", "the sums that `geoecon case pack` writes")]
    told: dict[str, str] = {}
    for line in content[SUMS].decode("utf-8", "replace").splitlines():
        digest, _, name = line.partition("  ")
        told[name] = digest
    faults: list[str | Fault] = []
    for name in sorted({*content, *told} - {SUMS}):
        if name not in content:
            faults.append(Fault(parcel, None, name, "file is missing", f"every file that {SUMS} names"))
        elif hashlib.sha256(content[name]).hexdigest() != told.get(name):
            faults.append(Fault(parcel, None, name, "was changed after packing", f"the bytes that {SUMS} names"))
    return faults
