"""Cases: making one's own, saying what it lacks, holding several side by side, and the record over all of them."""

from geoecon.casebook.checks import Check, Gap, check
from geoecon.casebook.comparison import Comparison, compare
from geoecon.casebook.record import CONDITIONS, Evidence, Trial, evidence
from geoecon.casebook.template import new

__all__ = [
    "CONDITIONS",
    "Check",
    "Comparison",
    "Evidence",
    "Gap",
    "Trial",
    "check",
    "compare",
    "evidence",
    "new",
]
