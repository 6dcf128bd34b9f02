#!/bin/sh
# SALib 1.6.0, sobol.analyze: if one of the model's runs is missing (NaN, a run that did not converge), every first-order and
# total index is 0.0 and every confidence interval 0.0: the answer "nothing matters" instead of "not known". The standardised
# output is all NaN, and NaN is taken for a constant output; the only word is a warning of constant values.
# Expected: NaN or an error; the maintainers have said that the analysis should fail on missing runs (issue 237, where an
# older version gave NaN). rbd_fast and delta of the same version do give NaN or raise.
# Seen: for y = x1, S1 = (1, 0, 0); with one run of 512 missing, S1 = ST = (0, 0, 0).
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check SALib==1.6.0 numpy==2.4.6 pandas==2.3.3

cat > "$place/program.py" <<'END'
import numpy as np
from SALib.analyze import sobol
from SALib.sample import sobol as sample

problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
output = sample.sample(problem, 64, seed=1)[:, 0]
whole = sobol.analyze(problem, output, seed=1)
assert abs(whole["S1"][0] - 1) < 0.05, f"changed: {whole['S1']}"
output[5] = np.nan
holed = sobol.analyze(problem, output, seed=1)
for name in ("S1", "ST", "S1_conf", "ST_conf"):
    assert np.array_equal(holed[name], np.zeros(3)), f"changed: {name} is {holed[name]}"
END
"$place/venv/bin/python" -W ignore "$place/program.py" 2> "$place/errors" || { tail -n 3 "$place/errors"; exit 1; }
echo "as described: one missing run of 512 makes every index zero"
