"""The line: the table of stages, the one run of them, and what it gives."""

from geoecon.line.assessment import DRAWS, Assessment, Interrupted, input_hashes, run
from geoecon.line.memo import Answer, Memo
from geoecon.line.scenario import Recorded, noted, refuse_unread, unmoved
from geoecon.line.stage import QUESTIONS, STAGES, Reason, Stage, arguments, examine, known, stages

__all__ = [
    "DRAWS",
    "QUESTIONS",
    "STAGES",
    "Answer",
    "Assessment",
    "Interrupted",
    "Memo",
    "Reason",
    "Recorded",
    "Stage",
    "arguments",
    "examine",
    "input_hashes",
    "known",
    "noted",
    "refuse_unread",
    "run",
    "stages",
    "unmoved",
]
