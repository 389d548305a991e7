"""What the old release holds, and where the documentation's link leads when the tree is elsewhere."""

from rung.checks import Fail, Host, Values, check

PRESS = "/opt/press"
# Copies the tree to an empty directory, which is removed again, and follows the link there.
_MOVED = """
d=$(mktemp -d) && d=$(readlink -e "$d") || exit
trap 'rm -rf "$d"' EXIT
cp -a %s "$d/moved" || exit
[ -L "$d/moved/docs" ] || { echo "no link"; exit 3; }
cd "$d/moved" && found=$(readlink -e docs) || { echo "nothing that exists"; exit 3; }
case $found in
    "$d/moved/"*) echo "/opt/press/${found#"$d/moved/"}" ;;
    *) echo "$found, where the tree was before"; exit 3 ;;
esac
"""


@check(task="current", id="old", holds=True, points=1)
def old_release(host: Host, values: Values) -> None:
    """Nothing was put into the old release"""
    top, old = f"{PRESS}/releases/{values['old']}", values["old"]
    names = (host.text("ls -A %s", top) or "none").split("\n")
    if names != ["fold", "share"]:
        raise Fail(f"{top}: entries: expected exactly fold, share, found {', '.join(names)}")
    wanted = {"fold": f'#!/bin/sh\necho "folding with {old}"', "share/doc/manual.txt": f"Manual of release {old}"}
    for name, text in wanted.items():
        file = host.file(f"{top}/{name}")
        if not file.is_file or file.content_string.rstrip("\n") != text:
            raise Fail(f"{top}/{name}: expected it as it was, found it changed")


@check(task="docs", points=2)
def relative(host: Host, values: Values) -> None:
    """It still leads there when the tree has moved"""
    want = f"{PRESS}/releases/{values['new']}/share/doc"
    result = host.run(_MOVED, PRESS)
    found = result.stdout.strip() or result.stderr.strip() or "no answer"
    if not result.ok or found != want:
        raise Fail(f"{PRESS}/docs: in a copy of the tree elsewhere: expected the copy of {want}, found {found}")
