"""Days with slashes, 31/01/2022 or 01/31/2022: which part is the month is told by the days of the whole table."""

from __future__ import annotations

import re
from collections.abc import Iterable

SLASHED = r"^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})$"
ORDERS = {"day first": 2, "month first": 1}  # the part that is the month


ASK = "a period as YYYY-MM or YYYY-MM-DD; one day beyond the 12th proves whether the day or the month comes first"


def order_of(texts: Iterable[str]) -> tuple[str, str]:
    """Which of `ORDERS` days with slashes have, and what to say; nothing where there are none or none proves it."""
    found = {text: (int(m[1]), int(m[2])) for text in texts if (m := re.match(SLASHED, text.strip()))}
    proof = {order: [text for text, parts in found.items() if parts[2 - month] > 12 >= parts[month - 1]]
             for order, month in ORDERS.items()}  # fmt: skip
    proved = [order for order, days in proof.items() if days]
    if found and all(first == second for first, second in found.values()):
        return "day first", ""
    if len(proved) != 1:
        return "", ""
    return proved[0], f"days such as {proof[proved[0]][0]} have the {proved[0]} and belong to their month"
