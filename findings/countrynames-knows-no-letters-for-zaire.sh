#!/bin/sh
# countrynames 1.17.0: former states have two letters and four letters, but not all have what to_code_3 looks up.
# to_code("Zaire") is ZR; to_code_3("Zaire"), likewise East Germany and the Netherlands Antilles, raises KeyError, though
# the documented answer for what is not known is None. to_code_3("USSR") is SUHH, four letters, which no table of
# ISO alpha-3 codes (SUN there) matches.
# Expected: ZAR, DDR, ANT, SUN (ISO 3166-3), or None.
# Seen: KeyError three times; SUHH.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check countrynames==1.17.0

cat > "$place/program.py" <<'END'
import countrynames

for name, two in (("Zaire", "ZR"), ("East Germany", "DD"), ("Netherlands Antilles", "AN")):
    assert countrynames.to_code(name) == two, f"changed: {name} is {countrynames.to_code(name)}"
    try:
        three = countrynames.to_code_3(name)
    except KeyError:
        continue
    raise SystemExit(f"changed: {name} is {three}")
assert countrynames.to_code_3("USSR") == "SUHH", f"changed: {countrynames.to_code_3('USSR')}"
assert countrynames.to_code_3("No such place") is None, "changed: an unknown name"
END
"$place/venv/bin/python" -W ignore "$place/program.py" 2> "$place/errors" || { tail -n 3 "$place/errors"; exit 1; }
echo "as described: KeyError for Zaire, four letters for the USSR"
