"""What only the bargaining stage reads of a case, looked through before anything is solved."""

from __future__ import annotations

from geoecon.bargaining.dispute import engaged_from_of, leader_rows
from geoecon.bargaining.first_day import pressing_of
from geoecon.case import Case
from geoecon.errors import Fault, InputError


def examine(case: Case) -> None:
    """Raises InputError with every fault of the day of engagement, of who is pressed, and of leaders and elections."""
    faults: list[str | Fault] = []
    for read in (engaged_from_of, pressing_of, _leader_faults):
        try:
            read(case)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)


def _leader_faults(case: Case) -> None:
    faults: list[Fault] = []
    leader_rows(case, faults)
    if faults:
        raise InputError(faults)
