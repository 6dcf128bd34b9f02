#!/bin/sh
# pymrio 0.7.0 (pandas 2.3.3), Extension.rename_regions, .rename_sectors and .rename_Y_categories, public methods with
# documentation of their own: each raises AttributeError ("'Extension' object has no attribute 'meta'") after it has renamed the
# extension in place. A caller that catches the error goes on with an extension whose names no longer fit its system.
# Expected: the renamed extension, as IOSystem.rename_regions gives for the whole system, or an error with nothing changed.
# Seen: the error, and the new name in the table.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check pymrio==0.7.0 pandas==2.3.3 numpy==2.4.6

cat > "$place/program.py" <<'END'
import pymrio

for method, read in (("rename_regions", "get_regions"), ("rename_sectors", "get_sectors")):
    system = pymrio.load_test()
    extension = system.emissions
    old = list(getattr(extension, read)())[0]
    try:
        getattr(extension, method)({old: "new name"})
    except AttributeError as error:
        assert "meta" in str(error), f"changed: {error}"
    else:
        raise SystemExit(f"changed: {method} returns")
    assert list(getattr(extension, read)())[0] == "new name", f"changed: {method} leaves the names"
    assert list(getattr(system, read)())[0] == old, "changed: the system is renamed as well"
END
"$place/venv/bin/python" -W ignore "$place/program.py" 2> "$place/errors" || { tail -n 3 "$place/errors"; exit 1; }
echo "as described: the extension is renamed and AttributeError is raised"
