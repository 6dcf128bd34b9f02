"""Templates and assets: autoescape on, one policy for scripts, nothing loaded from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from geoecon import __version__
from geoecon.views.words import amount, cell, interval, json_in_html, short, visible

if TYPE_CHECKING:
    from geoecon.charts import Picture
    from geoecon.kinds import Cell, Shown


@cache
def environment() -> Environment:
    """Jinja2 over this package's templates. Everything is escaped unless a template says it is markup."""
    made = Environment(
        loader=PackageLoader("geoecon.views", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "amount": amount,
        "interval": interval,
        "cell": cell,
        "short": short,
        "text": text,
        "plain": visible,
        "sentence": sentence,
        "csv_link": csv_link,
    }
    made.globals |= {"version": __version__, "tables_accept": ".csv,.tsv,.txt,.xlsx,.xls,.xlsb,.json,.parquet"}
    made.filters["json"] = lambda value: Markup(json_in_html(value))
    made.filters["paragraphs"] = paragraphs
    return made


def text(value: Cell) -> Markup:
    """Foreign text in its own isolate, so that a right-to-left name does not turn its neighbours around."""
    return Markup("<bdi>{}</bdi>").format(_joined(visible(value)))


def sentence(value: Cell) -> Markup:
    """A sentence of a stage; where it says [unverified] stands the mark."""
    mark = Markup('<span class="chip">memory</span>')
    parts = _joined(visible(value)).split("[unverified]")
    return Markup("<bdi>{}</bdi>").format(mark.join(escape(part) for part in parts))


def _joined(words: str) -> str:
    """A number keeps its per-cent sign on its line."""
    return re.sub(r"(?<=\d) %", "\u00a0%", words)


def paragraphs(value: str) -> Markup:
    """Lines as paragraphs; a line that begins with spaces stands in a fixed-width font (an equation)."""
    parts = [
        Markup("<pre>{}</pre>").format(line.strip()) if line.startswith("  ") else Markup("<p>{}</p>").format(line)
        for line in value.splitlines()
        if line.strip()
    ]
    return Markup("\n").join(parts)


def csv_link(picture: Picture) -> Markup:
    """The rows behind a picture as a link that holds them; no cell is one that a spreadsheet would run."""
    from urllib.parse import quote

    from geoecon.views.exports import rows_csv

    return Markup(
        "data:text/csv;charset=utf-8,"
        + quote(rows_csv(picture["rows"] if isinstance(picture, Mapping) else picture.rows), safe="")
    )


def style(*names: str) -> str:
    """The palette and these style sheets as one text."""
    from geoecon.charts import stylesheet

    return stylesheet() + "".join(asset(name) for name in names)


@cache
def asset(name: str) -> str:
    return (files("geoecon.views") / "assets" / name).read_text(encoding="utf-8")


def inline_script(code: str) -> Markup:
    """A script of ours for the page itself. It must not hold its own end tag."""
    if re.search(r"</script|<!--", code, re.IGNORECASE):
        raise ValueError("a script that ends itself")
    return Markup(f"<script>{code}</script>")


def script_hash(code: str) -> str:
    """What a Content-Security-Policy says to allow exactly this inline script."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() + "'"


def policy(*scripts: str) -> str:
    """The policy of a self-contained page: these scripts, inline styles, pictures from the page; no connection."""
    allowed = " ".join(script_hash(code) for code in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        "connect-src 'none'; base-uri 'none'; form-action 'none'"
    )


def render(template: str, **values: Shown) -> str:
    """A template with these values."""
    return environment().get_template(template).render(**values)
