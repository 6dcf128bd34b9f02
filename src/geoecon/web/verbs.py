"""Public functions as the web calls them: plain arguments in, plain data out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoecon import law
from geoecon.errors import InputError
from geoecon.line import DRAWS
from geoecon.tables import records
from geoecon.views import Report, plain, table_of
from geoecon.web.brought import brought, options_of
from geoecon.web.cut_offs import precedents
from geoecon.web.explorer import explore
from geoecon.web.licence_card import card
from geoecon.web.parts_clock import clock

if TYPE_CHECKING:
    from geoecon.result import Result


ROWS = 200

__all__ = ["ask", "check_rules", "clock", "explore", "licence", "make", "precedents", "readable", "scan", "watch",
           "watch_again"]  # fmt: skip


def shown(result: Result, rows: int = ROWS) -> dict[str, Any]:
    """A result of the protocol as plain data: sentence, small table, all rows up to a limit."""
    frame = result.to_frame()
    small = table_of(result.summary())
    return {
        "sentence": result.sentence(),
        "heads": list(small.heads),
        "rows": [list(row) for row in small.rows],
        "numeric": list(small.numeric),
        "records": [plain(row) for row in records(frame.head(rows))],
        "total": len(frame),
        "sources": sorted(result.sources),
        "notes": list(result.caveats()) if hasattr(result, "caveats") else [],
    }


def licence(
    exporter: str, destination: str, item: str, on: str, facts: dict[str, Any], rules: str = "", path: str = ""
) -> dict[str, Any]:
    """The licence a shipment needs on a day: the desk's card. `rules` is the key of rules that a session brought, which
    lie in the folder `path`."""
    found: dict[str, Any] = plain(card(exporter, destination, item, on, facts, rules, path))
    return found


def check_rules(path: str) -> dict[str, Any]:
    """What the check of a folder of rules says, a sentence a regime. Raises InputError with every fault of all."""
    told: list[str] = []
    faults: list[str] = []
    for one in law.single_regimes(path):
        try:
            found = law.check_regime(one)
        except InputError as error:
            faults += [str(fault) for fault in error.faults]
            continue
        told.append(found.sentence())
        faults += [str(fault) for fault in found.faults]
    if faults:
        raise InputError(faults)
    law.served_regimes([path])
    return {"told": told}


def scan(path: str, importer: str, exporter: str | None, top: int, reading: str = "") -> dict[str, Any]:
    """The products in an uploaded file of flows on which the importer depends most; `reading` is how it is read."""
    from geoecon import indicators

    options = options_of(reading)
    return shown(indicators.scan(path, importer=importer or None, exporter=exporter, top=top, **options))


def ask(question: str, path: str = "", reading: str = "", draws: int = DRAWS, name: str = "") -> dict[str, Any]:
    """A question in words: what the line says on any sender, target and product, with the trade of a table of one's own
    where there is one. Raises InputError for other words."""
    from geoecon import questions

    if not question.strip():
        raise InputError("no question; allowed: words such as China stops graphite to Korea")
    answer = questions.ask(question, flows=brought(path, reading, name), draws=draws)
    report = Report(answer.assessment)
    message = answer.message
    return {
        "sentence": answer.sentence(), "kicker": message.kicker, "title": message.title,
        "lead": message.lead, "second": message.second, "tiles": [plain(vars(tile)) for tile in message.tiles],
        "trust": message.trust, "said": [answer.share_words()],
        "notes": [str(answer.METHOD).replace("\n", " "), *answer.made.notes, *answer.how()],
        "picture": plain(vars(report.picture)) if report.picture else None,
        "blocks": [
            {"key": one.key, "kicker": one.kicker, "sentence": one.sentence, "source": one.source,
             "picture": plain(vars(one.picture)) if one.picture else None}
            for one in report.blocks
        ],
        "sources": sorted(answer.sources),
    }  # fmt: skip


def make(question: str, folder: str, path: str = "", reading: str = "", name: str = "") -> dict[str, Any]:
    """The case behind a question as a new folder. Raises InputError for words that are no question."""
    from geoecon import questions

    if path:
        answer = questions.ask(question, flows=brought(path, reading, name), draws=50)
        return {"folder": str(questions.save_case(answer, Path(folder)))}
    return {"folder": str(questions.new(folder, question))}


def readable(path: str, reading: str) -> dict[str, Any]:
    """What a table of trade holds. Raises InputError where it cannot be read."""
    flows = brought(path, reading)
    if flows is None:
        return {"periods": [], "importers": []}
    return {"periods": flows.periods(), "importers": sorted({importer for _, importer in flows.spent()})}


def watch(add: dict[str, Any] | None = None) -> dict[str, Any]:
    """What is watched; with `add` (kind, name, arguments) one thing more. Raises InputError for what has no answer."""
    from geoecon import questions

    if add:
        questions.add_watch(add["kind"], add["name"], **add["arguments"])
    return {"watched": [vars(one) for one in questions.watched()]}


def watch_again() -> dict[str, Any]:
    """Everything that is watched, asked again: what changed since the last time."""
    from geoecon import questions

    found = questions.watch()
    return {"sentence": found.sentence(), "rows": [plain(row) for row in records(found.changed)]}
