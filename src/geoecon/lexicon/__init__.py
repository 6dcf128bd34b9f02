"""Names in words to codes: states and groups of states, goods by name, customs code or control-list number."""

from geoecon.lexicon.goods import Good, good, goods, industries, product, products_in
from geoecon.lexicon.places import Place, Spot, groups, place, places_in, state

__all__ = [
    "Good",
    "Place",
    "Spot",
    "good",
    "goods",
    "groups",
    "industries",
    "place",
    "places_in",
    "product",
    "products_in",
    "state",
]
