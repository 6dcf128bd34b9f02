"""The importer and exporter that a scan is asked for, as the rows name them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from geoecon import countries, lexicon
from geoecon.errors import InputError
from geoecon.flows import Flows

NAMES = ("importer", "exporter")


def checked(
    both: Sequence[str | None], asked: str | None, bloc: str | None, flows: Flows, period: str | None
) -> list[str | None]:  # fmt: skip
    """The codes of importer and exporter; `asked` is the bloc as given, `period` one in which it counts as one.

    Raises InputError for a code that no list has, a group that no row names, and a member of a bloc that counts as one.
    """
    inside = countries.members(bloc, period.rpartition("/")[2]) if bloc is not None and period is not None else ()
    found = []
    for name, side in zip(NAMES, both, strict=True):
        code = side and _written(lexicon.code(bloc if bloc and side == asked else side, (bloc or "",)), bloc, flows)
        if code and code != bloc and not countries.is_known(code):
            raise InputError(f"{name} {code!r}; allowed: the ISO 3166 code {countries.resolve(code).iso3}")
        if code and code in inside:
            told = f"{name} {code} is a member of {bloc}, which counts as one"
            raise InputError(f"{told}; allowed: {bloc} as {name}, or its members one by one (members=True)")
        found.append(code)
    return found


def _written(code: str, bloc: str | None, flows: Flows) -> str:
    """A group as tables of trade write it (EU is EUU there); other codes as they are.

    Raises InputError for a group that is no row of the table.
    """
    if code == bloc or code not in countries.groups():
        return code
    with contextlib.suppress(InputError):
        place = code if countries.is_known(code) else countries.resolve(code).iso3
        if place in flows.sellers() or any(place == buyer for _, buyer in flows.spent()):
            return place
    raise InputError(f"{code}: a group that no row of the table names; allowed: bloc={code!r} (--bloc {code})")
