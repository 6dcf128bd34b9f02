"""A case: a folder of sourced data about one dispute. Reads it, checks it, and never guesses."""

from geoecon.case.columns import FILES, OUTCOMES, REQUIRED, ROLES, SYSTEMS
from geoecon.case.reading import cases, load_case, read_case
from geoecon.case.record import Case, Product, State, default_parameters
from geoecon.case.switches import SWITCHES, Switch, bounds

__all__ = [
    "FILES",
    "OUTCOMES",
    "REQUIRED",
    "ROLES",
    "SWITCHES",
    "SYSTEMS",
    "Case",
    "Product",
    "State",
    "Switch",
    "bounds",
    "cases",
    "default_parameters",
    "load_case",
    "read_case",
]
