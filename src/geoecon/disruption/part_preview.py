"""What was read of a bill of materials as what, in words."""

from __future__ import annotations

from geoecon.disruption.part_columns import Heading
from geoecon.disruption.part_gaps import LEAD, without
from geoecon.disruption.part_headings import other_day
from geoecon.disruption.part_times import timeless


def preview(heading: Heading) -> list[str]:
    """What was read as what, and what was not read, in words."""
    words = {7.0: "a week", 30.4375: "a month", 91.3125: "a quarter", 365.25: "a year"}
    told = []
    for field, columns in heading.fields.items():
        first, per = columns[-1 if field in heading.multiplied else 0], ""
        beside = {"use_per_day": "use_period", LEAD: "lead_time_unit"}.get(field, "")
        if beside in heading.fields:
            per = ""
        elif field.startswith("use_per_day") and (first.days != 1.0 or timeless(first.heading)):
            per = f"for {words.get(first.days, f'{first.days:g} days')}" if first.days != 1.0 else (
                "no time is said: for a day")  # fmt: skip
        elif first.days == 1.0 and field == LEAD and timeless(first.heading):
            per = "no unit is said: in days, where a cell has none"
        elif first.days in words and field.startswith(("lead", "stock_days")):
            per = f"in {words[first.days].removeprefix('a ')}s"
        joined = " + " if field in heading.added else " × " if field in heading.multiplied else " and "
        names = joined.join(repr(column.heading) for column in columns)
        together = heading.added | heading.multiplied
        names += " where both agree" if len(columns) > 1 and field not in together else ""
        told.append(f"{field.replace('_', ' ')} = {names}" + (f" ({per})" if per else ""))
    above = f"; left out above the heading: {'; '.join(map(repr, heading.above))}" if heading.above else ""
    notes = ["read as " + ", ".join(told) + above]
    plain_ones = [repr(head) for head, means in heading.unread if not means]
    heads = {field: [column.heading for column in heading.fields.get(field, ())] for field in ("stock", LEAD)}
    notes += other_day(heads["stock"], "".join(heads[LEAD][:1]))
    notes += without(heading.fields)
    notes += [f"not read: {', '.join(plain_ones)}"] if plain_ones else []
    notes += [f"{head!r} is not read: {means}" for head, means in heading.unread if means]
    return notes
