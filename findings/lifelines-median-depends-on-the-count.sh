#!/bin/sh
# lifelines 0.30.0 (numpy 2.4.6), KaplanMeierFitter on n disputes that ended after 1, 2, …, n months, none open: the median,
# documented as the first time at which at most half survive, is n/2 for n = 2, 4, 10, 12, 16 but one month later for
# n = 6, 8, 14, 18, 20. The survival curve is summed by logarithms and comes out as 0.5000000000000001, which is not "at most 0.5".
# Expected: n/2 for each even n (scikit-survival 0.28.0 on the same data has the value 0.5 or less at n/2).
# Seen: 4 instead of 3 for six disputes, 5 instead of 4 for eight.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check lifelines==0.30.0 numpy==2.4.6 pandas==2.3.3 scipy==1.17.1

cat > "$place/program.py" <<'END'
from lifelines import KaplanMeierFitter

late = []
for n in range(2, 22, 2):
    median = KaplanMeierFitter().fit(range(1, n + 1), [1] * n).median_survival_time_
    assert median in (n / 2, n / 2 + 1), f"changed: {median} for {n}"
    if median != n / 2:
        late.append(n)
assert late == [6, 8, 14, 18, 20], f"changed: {late}"
END
"$place/venv/bin/python" -W ignore "$place/program.py" 2> "$place/errors" || { tail -n 3 "$place/errors"; exit 1; }
echo "as described: the median is one late for 6, 8, 14, 18 and 20 disputes"
