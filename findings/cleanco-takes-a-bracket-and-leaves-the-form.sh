#!/bin/sh
# cleanco 2.3, basename(): the commonest form of a Japanese or Chinese company in party lists, "Co.,Ltd." without a space, is
# not taken off, while "Co., Ltd." loses Ltd. and keeps "Co."; a name that ends in a bracket and a form loses the closing
# bracket as well. Three spellings of one company thus give three base names, and an exact match between two lists fails.
# Expected: one base name; the documents say that a name with two forms may need two calls, but neither the glued form nor the bracket
# is mended by a second call.
# Seen: below; twice applied: "X Co.,Ltd." as before, "X International (Beijing" without its bracket.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check cleanco==2.3

cat > "$place/program.py" <<'END'
from cleanco import basename

seen = {name: (basename(name), basename(basename(name))) for name in
        ("Example Chemical Co.,Ltd.", "Example Chemical Co., Ltd.", "Example International (Beijing) Corporation")}
told = {"Example Chemical Co.,Ltd.": ("Example Chemical Co.,Ltd.",) * 2,
        "Example Chemical Co., Ltd.": ("Example Chemical Co.", "Example Chemical"),
        "Example International (Beijing) Corporation": ("Example International (Beijing",) * 2}
assert seen == told, f"changed: {seen}"
END
"$place/venv/bin/python" -W ignore "$place/program.py" 2> "$place/errors" || { tail -n 3 "$place/errors"; exit 1; }
echo "as described: Co.,Ltd. stays, a closing bracket goes"
