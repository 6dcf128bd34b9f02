"""Codes and names of countries, by a dated table of our own. Groups and leftovers are never countries."""

from geoecon.countries.codes import (
    Place,
    fold,
    is_country,
    is_known,
    kind,
    name,
    named,
    names,
    note,
    places,
    resolve,
    resolve_all,
    table,
)
from geoecon.countries.groups import group, groups, is_group, members, moves, parts, strangers

__all__ = [
    "Place",
    "fold",
    "group",
    "groups",
    "is_country",
    "is_group",
    "is_known",
    "kind",
    "members",
    "moves",
    "name",
    "named",
    "names",
    "note",
    "parts",
    "places",
    "resolve",
    "resolve_all",
    "strangers",
    "table",
]
