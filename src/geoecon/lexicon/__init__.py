"""Names in words to codes: states and groups of states, goods by name, customs code or control-list number."""

from geoecon.lexicon.goods import SERVICES, Good, good, goods, industries, product, products_in
from geoecon.lexicon.goods import nearest as near_goods
from geoecon.lexicon.places import (
    Place,
    Region,
    Spot,
    code,
    groups,
    is_noun,
    members,
    no_states_in,
    place,
    places_in,
    region,
    regions,
    state,
    together,
)
from geoecon.lexicon.places import nearest as near_places

__all__ = [
    "SERVICES",
    "Good",
    "Place",
    "Region",
    "Spot",
    "code",
    "good",
    "goods",
    "groups",
    "industries",
    "is_noun",
    "members",
    "near_goods",
    "near_places",
    "no_states_in",
    "place",
    "places_in",
    "product",
    "products_in",
    "region",
    "regions",
    "state",
    "together",
]
