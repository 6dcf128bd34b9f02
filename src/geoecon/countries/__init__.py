"""Codes and names of countries, by a dated table of our own. Groups and leftovers are never countries."""

from geoecon.countries.codes import Place, is_country, is_known, kind, name, note, resolve, resolve_all, table
from geoecon.countries.groups import groups, members, parts

__all__ = [
    "Place",
    "groups",
    "is_country",
    "is_known",
    "kind",
    "members",
    "name",
    "note",
    "parts",
    "resolve",
    "resolve_all",
    "table",
]
