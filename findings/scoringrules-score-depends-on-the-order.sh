#!/bin/sh
# scoringrules 0.10.0 (numpy 2.4.6), crps_ensemble with estimator="akr" or "akr_circperm": the score depends on the order of the
# draws. The estimators take neighbours for independent draws; draws stored in order (as quantiles, or sorted for a figure)
# have none. The documentation lists the estimators side by side and says nothing of an order; the other five do not depend on it.
# Expected: a forecast's score is the same whichever way its 1,000 draws are written down.
# Seen: for one normal forecast "akr" gives 0.25 on the draws and 0.80 on the same draws sorted, "akr_circperm" 0.26 and 0.03;
# "fair" gives 0.26 both times.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check scoringrules==0.10.0 numpy==2.4.6 scipy==1.17.1

cat > "$place/program.py" <<'END'
import numpy as np
import scoringrules

draws = np.random.default_rng(0).normal(size=1000)
seen = {name: [round(float(scoringrules.crps_ensemble(0.2, order, estimator=name, backend="numpy")), 2)
               for order in (draws, np.sort(draws))] for name in ("akr", "akr_circperm", "fair")}
assert seen == {"akr": [0.25, 0.8], "akr_circperm": [0.26, 0.03], "fair": [0.26, 0.26]}, f"changed: {seen}"
END
"$place/venv/bin/python" -W ignore "$place/program.py" 2> "$place/errors" || { tail -n 3 "$place/errors"; exit 1; }
echo "as described: the same draws score 0.25 or 0.80"
