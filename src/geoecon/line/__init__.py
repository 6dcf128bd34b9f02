"""The line: every stage in order for one case and scenario, and what it gives."""

from geoecon.line.assessment import (
    STAGES,
    Assessment,
    arguments,
    bargain,
    buffers,
    check_free,
    disrupt,
    input_hashes,
    run,
    strict_json,
    summary,
    welfare,
    write,
)
from geoecon.line.memo import Memo

__all__ = [
    "STAGES",
    "Assessment",
    "Memo",
    "arguments",
    "bargain",
    "buffers",
    "check_free",
    "disrupt",
    "input_hashes",
    "run",
    "strict_json",
    "summary",
    "welfare",
    "write",
]
