"""A case: a folder of sourced data about one dispute. Reads it, checks it, and never guesses."""

from geoecon.case.columns import DEMANDS, FILES, LATER, OUTCOMES, REQUIRED, ROLES, SYSTEMS
from geoecon.case.known import Itself
from geoecon.case.parcel import pack_folder
from geoecon.case.parts import Firm, Product, State
from geoecon.case.priors import default_parameters
from geoecon.case.reading import case_of_texts, cases, load_case, read_case
from geoecon.case.record import Case
from geoecon.case.switches import COUNTED, SWITCHES, Switch, allowed_keys, bounds
from geoecon.case.twin import shipped as disputes

__all__ = [
    "COUNTED",
    "DEMANDS",
    "FILES",
    "LATER",
    "OUTCOMES",
    "REQUIRED",
    "ROLES",
    "SWITCHES",
    "SYSTEMS",
    "Case",
    "Firm",
    "Itself",
    "Product",
    "State",
    "Switch",
    "allowed_keys",
    "bounds",
    "case_of_texts",
    "cases",
    "default_parameters",
    "disputes",
    "load_case",
    "pack_folder",
    "read_case",
]
