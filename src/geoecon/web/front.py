"""The start page, which waits for no table, model or rule: a reader has it at once."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from geoecon import charts, countries
from geoecon.views import gallery
from geoecon.web.cards import disputes
from geoecon.web.shown import page
from geoecon.web.state import state_of

# what the page of questions offers as a start
QUESTIONS = (
    "China stops graphite to Korea",
    "Indonesia stops nickel ore to China",
    "Russia stops natural gas to Germany",
)


def front(request: Request) -> Response:
    """The five questions and one in words."""
    state = state_of(request)
    return page(
        request,
        "web/front.html",
        disputes=disputes(state),
        regimes=regimes(),
        today=date.today().isoformat(),
        countries=names(),
        questions=QUESTIONS,
    )


def case_map(request: Request, key: str) -> Response:
    """A small map of who withholds from whom."""
    drawn = gallery.thumbnail(state_of(request).head(key))
    return Response(drawn.file(narrow=True), media_type="image/svg+xml")


@cache
def names() -> list[str]:
    """Countries in words, for the pickers."""
    return sorted(countries.name(code) for code in charts.places() if countries.is_known(code))


@cache
def regimes() -> int:
    """How many places have rules of their own here: their folders, without reading them."""
    return sum(one.is_dir() for one in (files("geoecon") / "law" / "regimes").iterdir())
