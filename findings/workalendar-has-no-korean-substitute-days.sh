#!/bin/sh
# workalendar 17.0.0 against holidays 0.109, South Korea: when an agency has fifteen working days to answer, the two give different
# last days. workalendar knows no substitute day (in law for Lunar New Year, Chuseok and Children's Day since 2014, for more
# days since 2021) and no day set by government (17 August 2020, 2 October 2023), and has Buddha's birthday of 2023 on Friday 26 May
# instead of Saturday 27, whose substitute was Monday 29 May.
# Expected: the days on which Korean offices were shut. For 2023, holidays has 24 January, 29 May and 2 October besides.
# Seen: 26 May 2023 closed and 29 May 2023 open in workalendar; over 2019-2025, 23 weekdays (elections among them) closed in holidays alone.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check workalendar==17.0.0 holidays==0.109 setuptools==80.9.0

cat > "$place/program.py" <<'END'
from datetime import date
import holidays
from workalendar.asia import SouthKorea

korea = SouthKorea()
assert not korea.is_working_day(date(2023, 5, 26)) and korea.is_working_day(date(2023, 5, 29)), "changed: May 2023"
assert korea.is_working_day(date(2020, 8, 17)), "changed: August 2020"
alone, wrong = [], []
for year in range(2019, 2026):
    known = {day for day in holidays.country_holidays("KR", years=year) if day.weekday() < 5}
    other = {day for day, _ in korea.holidays(year) if day.weekday() < 5}
    alone += sorted(known - other)
    wrong += sorted(other - known)
assert wrong == [date(2023, 5, 26)], f"changed: {wrong}"
assert len(alone) == 23, f"changed: {len(alone)} days: {[day.isoformat() for day in alone]}"
END
"$place/venv/bin/python" -W ignore "$place/program.py" 2> "$place/errors" || { tail -n 3 "$place/errors"; exit 1; }
echo "as described: 29 May 2023 is a working day for workalendar, 26 May is not"
