#!/bin/sh
# pycountry 26.2.16: search_fuzzy("Republic of Korea"), the UN's name of South Korea, finds North Korea and nothing else
# (the words stand whole in "Democratic People's Republic of Korea", while the entry of KR reads "Korea, Republic of").
# search_fuzzy("Niger") puts Nigeria before Niger, since a state of Nigeria bears the name. "Republic of China", Taiwan's
# name in older tables, finds the People's Republic alone.
# Expected: a name that is the official name of a state finds that state first; lookup() raises for the first and is right on
# Niger. The documents call the search fuzzy; they do not say that an exact name of a state may lose.
# Seen: ['PRK']; ['NGA', 'NER']; ['CHN'].
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check pycountry==26.2.16

cat > "$place/program.py" <<'END'
import pycountry

found = {name: [state.alpha_3 for state in pycountry.countries.search_fuzzy(name)] for name in
         ("Republic of Korea", "Niger", "Republic of China")}
assert found == {"Republic of Korea": ["PRK"], "Niger": ["NGA", "NER"], "Republic of China": ["CHN"]}, f"changed: {found}"
assert pycountry.countries.lookup("Niger").alpha_3 == "NER", "changed: lookup"
END
"$place/venv/bin/python" -W ignore "$place/program.py" 2> "$place/errors" || { tail -n 3 "$place/errors"; exit 1; }
echo "as described: Republic of Korea finds PRK alone, Niger finds NGA first"
