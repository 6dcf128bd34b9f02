"""A clean copy of a text table whose lines are written otherwise: blanks or tabs around cells, rules, single quotes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

TABBED = re.compile(r"\t+(?=[,;|\r\n])|(?<=[,;|\n])\t+")  # as China's customs writes its cells, so that they stay text
_BEFORE = re.compile(r'(^|[,;|\t]) +(?="(?:[^"]|""(?:[^,;|\t\n]|$)|"[ ]*(?:[,;|\t\n]|$)))')
_BEHIND = re.compile(r'(?<=[^"]") +(?=[,;|\t\r\n]|$)')
_RULE = re.compile(r"^[ \t]*[|+]?(?:[ \t]*:?[-=]{3,}:?[ \t]*[|+]?)+[ \t]*$")
_QUOTED = re.compile(r"^'[^']*'(?:[,;\t|]'[^']*')+\s*$")


def clean(path: Path, name: str, folder: Path, sample: str) -> tuple[Path, str]:
    """The file, or a copy of it with the same lines that is plain, and in words what was left out of it.

    `sample` is its beginning, in UTF-8.
    """
    for told, change in _ways(sample):
        target = folder / f"{len(list(folder.iterdir()))}-{Path(name).stem[:40]}.csv"
        with (
            path.open(encoding="utf-8-sig", newline="") as source,
            target.open("w", encoding="utf-8", newline="") as out,
        ):
            for line in source:
                out.write(change(line))
        return target, told
    return path, ""


def plain_text(text: str) -> tuple[str, list[str]]:
    """The same of a text in memory: its lines as `clean` writes them, and in words what was left out."""
    ways = _ways(text)
    if not ways:
        return text, []
    told, change = ways[0]
    return "".join(change(line) for line in text.splitlines(keepends=True)), [told]


def _ways(sample: str) -> list[tuple[str, Callable[[str], str]]]:
    """What is to be left out of the lines of a sample, with how; at most one."""
    lines = [line for line in sample.splitlines()[:60] if line.strip()]
    if not lines:
        return []
    if TABBED.search(sample) and "\t" not in sample.partition("\n")[0].rstrip():
        return [("tabs behind cells left out", lambda line: TABBED.sub("", line))]
    if sum(_BEFORE.search(line) is not None for line in lines) > 1:
        return [("blanks outside quotes left out", _without_blanks)]
    if sum(bool(re.match(r"^\s*\|.*\|\s*$", line)) for line in lines) > 2 and any(map(_RULE.match, lines)):
        return [("bars at the ends and rules between lines left out", _without_bars)]
    if len(lines) > 1 and all(map(_QUOTED.match, lines)):
        return [("single quotes around cells left out", lambda line: line.replace("'", '"'))]
    return []


def _without_blanks(line: str) -> str:
    return _BEHIND.sub("", _BEFORE.sub(r"\1", line))


def _without_bars(line: str) -> str:
    """A line without the bars at its ends; a rule becomes an empty line, so that all lines keep their numbers."""
    if _RULE.match(line.rstrip("\r\n")):
        return "\n"
    return re.sub(r" *\| *", "|", line.strip().removeprefix("|").removesuffix("|")) + "\n"
