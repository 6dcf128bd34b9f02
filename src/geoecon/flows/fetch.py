"""fetch: downloads trade data for people with a network, says what from whom under which licence, and checks it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from geoecon.errors import InputError
from geoecon.files import file_aside
from geoecon.flows.reply import checked
from geoecon.tables import packaged

if TYPE_CHECKING:
    from http.client import HTTPResponse


BLOCK = 1 << 20
TIMEOUT = 60
KEY_VARIABLE = "COMTRADE_API_KEY"
LIMIT_WITH_KEY, LIMIT_WITHOUT = 250_000, 500
KEY_HEADER = "Ocp-Apim-Subscription-Key"


@dataclass(frozen=True)
class Offer:
    """A download before it begins: what, from whom, under which licence, and where it will go."""

    name: str
    what: str
    provider: str
    licence: str
    url: str
    target: Path

    def __str__(self) -> str:
        return f"{self.what} from {self.provider} ({self.url}), licence: {self.licence}, to {self.target}"


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """What can be fetched: name, what, provider, licence, address pattern, expected members or header.

    `address_seen` says where each address comes from: no provider's server was ever called while this was written.
    """
    return {row["name"]: row for row in packaged("flows", "downloads.csv")}


def offer(name: str, folder: str | Path = ".", *, base: str | None = None, **choices: str) -> Offer:
    """The download that these choices lead to. Raises InputError for unknown names and choices that are missing.

    baci wants hs (HS92 … HS22) and vintage (202501), icio wants edition, comtrade is described by its query.
    `base` replaces the provider's address, for a mirror or a test.
    """
    if name not in catalogue():
        raise InputError(f"fetch {name!r}; allowed: " + ", ".join(catalogue()))
    row = catalogue()[name]
    wanted = set(re.findall(r"{(\w+)}", row["path"]))
    lacking = sorted(wanted - set(choices))
    if idle := sorted(set(choices) - wanted):
        raise InputError(f"fetch {name}: {', '.join(idle)} changes nothing; allowed: {row['choices']}")
    if lacking:
        raise InputError(f"fetch {name}: {', '.join(lacking)} missing; allowed: {row['choices']}")
    for key in wanted:
        if not re.fullmatch(r"[A-Za-z0-9._-]{1,40}", choices[key]):
            raise InputError(f"fetch {name}: {key} {choices[key]!r}; allowed: letters, digits, . _ -")
    path = row["path"].format(**choices)
    address = (base or row["base"]).rstrip("/") + "/" + path
    file = Path(urlsplit(address).path).name if name != "comtrade" else "comtrade.json"
    return Offer(name, row["what"], row["provider"], row["licence"], address, Path(folder) / file)


def fetch(
    name: str,
    folder: str | Path = ".",
    *,
    base: str | None = None,
    say: Callable[[str], None] = print,
    query: Mapping[str, str] | None = None,
    limit: int | None = None,
    **choices: str,
) -> Path:
    """Downloads baci, comtrade or icio into the folder and returns the file.

    Says first what it will download, from whom and under which licence. A broken download is taken up where it ended;
    the file gets its name only when its size and content are as they should be. Comtrade takes the key from the
    environment variable COMTRADE_API_KEY, sends it in a header and never writes it anywhere; `query` holds its
    parameters (reporterCode, period, cmdCode, flowCode, …) and a reply as long as the record limit is refused.
    Raises InputError where the server refuses or the file is not what it should be; nothing half-finished is used.
    """
    wanted = offer(name, folder, base=base, **choices)
    if query and name != "comtrade":
        raise InputError(f"fetch {name}: a query changes nothing; allowed: {catalogue()[name]['choices']}")
    say(str(wanted))
    wanted.target.parent.mkdir(parents=True, exist_ok=True)
    if name == "comtrade":
        return _comtrade(wanted, dict(query or {}), limit, say)
    if wanted.target.is_file():
        verify(wanted.target, name)
        say(f"{wanted.target.name} is there already and whole")
        return wanted.target
    part = wanted.target.with_name(wanted.target.name + ".part")
    size = _download(wanted.url, part, say)
    if size is not None and part.stat().st_size != size:
        raise InputError(
            f"{wanted.target.name}: {part.stat().st_size} of {size} bytes came; allowed: a whole file; fetch again to "
            "take it up"
        )
    try:
        verify(part, name)
    except InputError:
        part.unlink()
        raise
    os.replace(part, wanted.target)
    say(f"{wanted.target.name}: {wanted.target.stat().st_size:,} bytes, checked")
    return wanted.target


def _download(url: str, part: Path, say: Callable[[str], None]) -> int | None:
    """Appends what is missing to the partial file; the full size if the server tells it."""
    have = part.stat().st_size if part.is_file() else 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    try:
        reply = _open(url, headers)
    except HTTPError as error:
        if error.code == 416 and have:  # nothing is missing, or the file changed: begin anew
            total = _total(error.headers.get("Content-Range"))
            if total == have:
                return have
            part.unlink()
            return _download(url, part, say)
        raise InputError(f"{_bare(url)}: the server answers {error.code} {error.reason}; allowed: 200") from None
    except (URLError, TimeoutError, OSError) as error:
        raise InputError(
            f"{_bare(url)}: no connection ({getattr(error, 'reason', error)}); allowed: a network"
        ) from None
    with reply:
        resumed = reply.status == 206 and have > 0
        if resumed:
            say(f"taking up at {have:,} bytes")
        length = reply.headers.get("Content-Length")
        size = _total(reply.headers.get("Content-Range")) if resumed else int(length) if length else None
        with part.open("ab" if resumed else "wb") as file:
            try:
                while block := reply.read(BLOCK):
                    file.write(block)
            except (OSError, TimeoutError):  # what came stays; the size will tell
                pass
    return size


def _total(content_range: str | None) -> int | None:
    found = re.search(r"/(\d+)$", content_range or "")
    return int(found[1]) if found else None


def _open(url: str, headers: Mapping[str, str]) -> HTTPResponse:
    if urlsplit(url).scheme not in ("http", "https"):
        raise InputError(f"address {_bare(url)}; allowed: http or https")
    reply: HTTPResponse = urlopen(Request(url, headers={"User-Agent": "geoecon", **headers}), timeout=TIMEOUT)
    return reply


def _bare(url: str) -> str:
    """The address without its query, which may hold secrets."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


def verify(path: Path, name: str) -> None:
    """Raises InputError unless the archive is whole and holds what the catalogue says, with the header it says."""
    row = catalogue()[name]
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
            members = [m for m in archive.namelist() if re.search(row["member"], m)]
            if broken or not members:
                told = f"member {broken} is damaged" if broken else f"no member like {row['member']}"
                raise InputError(f"{path.name}: {told}; allowed: {row['what']}")
            with archive.open(members[0]) as file:
                header = io.TextIOWrapper(file, encoding="utf-8-sig").readline().strip()
    except zipfile.BadZipFile as error:
        raise InputError(f"{path.name}: not a whole archive ({error}); allowed: {row['what']}") from None
    if not re.match(row["header"], header):
        raise InputError(f"{path.name}: header {header[:60]!r}; allowed: {row['header']}")


def _comtrade(wanted: Offer, query: dict[str, str], limit: int | None, say: Callable[[str], None]) -> Path:
    """One query of the Comtrade API, checked, written as the reply came.

    Not through comtradeapicall: up to its newest version (1.3.2) it has no header for the key, puts it into the
    address, where proxies and logs keep it, and prints what the service answers. A test shows it.
    """
    key = os.environ.get(KEY_VARIABLE, "")
    if any("key" in name.lower() for name in query):
        raise InputError(f"query: a key among the parameters; allowed: the environment variable {KEY_VARIABLE}")
    bound = limit or (LIMIT_WITH_KEY if key else LIMIT_WITHOUT)
    asked = urlencode(sorted(query.items()))
    address = wanted.url if key else wanted.url.replace("/data/v1/get/", "/public/v1/preview/")
    try:
        with _open(f"{address}?{asked}&maxRecords={bound}", {KEY_HEADER: key} if key else {}) as reply:
            text = reply.read()
    except HTTPError as error:
        told = _hidden(error.read().decode("utf-8", "replace"), key)
        with contextlib.suppress(json.JSONDecodeError):
            checked(json.loads(told), "comtrade", query=asked)
        raise InputError(f"comtrade: error {error.code}: {told[:200]}; allowed: a reply with data") from None
    except (URLError, TimeoutError, OSError) as error:
        raise InputError(f"{_bare(address)}: no connection ({getattr(error, 'reason', error)})") from None
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"comtrade: reply is no JSON ({error}); allowed: a whole reply") from None
    rows = checked(found, "comtrade", limit=bound, query=asked)
    path = wanted.target.with_name(f"comtrade_{re.sub(r'[^A-Za-z0-9]+', '_', asked)[:80].strip('_')}.json")
    with file_aside(path) as part:
        part.write_bytes(text)
    say(f"{path.name}: {len(rows):,} records (limit {bound:,})")
    return path


def _hidden(text: str, key: str) -> str:
    return text.replace(key, "…") if key else text
