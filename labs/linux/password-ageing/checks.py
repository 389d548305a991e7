"""The rules that useradd gives to a new account: it creates one in a temporary directory."""

from rung.checks import Fail, Host, Values, check

# useradd --prefix takes its defaults and its files from below a directory.
_TRY = """
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/etc/default" "$dir/home"
cp /etc/login.defs "$dir/etc/" && cp /etc/default/useradd "$dir/etc/default/" 2>/dev/null
echo root:x:0:0::/root:/bin/sh >"$dir/etc/passwd"
echo root:x:0: >"$dir/etc/group"
echo 'root:*:1::::::' >"$dir/etc/shadow"
: >"$dir/etc/gshadow"
useradd --prefix "$dir" --no-create-home probe >/dev/null
grep '^probe:' "$dir/etc/shadow"
"""


@check(task="defaults", points=3)
def new_accounts(host: Host, values: Values) -> None:
    """New accounts get the rules by themselves"""
    result = host.run(_TRY)
    fields = result.stdout.strip().split(":")
    if not result.ok or len(fields) < 6:
        # A broken useradd, or a broken file that it reads, fails the check.
        said = (result.stderr.strip().splitlines() or ["it made none"])[-1]
        raise Fail(f"useradd: expected it to create an account, found: {said}")
    least, most, warn = fields[3:6]
    wanted = {"maximum": ("longest", most), "minimum": ("shortest", least), "warning": ("warning", warn)}
    reasons = [
        f"a new account: {what}: expected {values[name]} days, found {found or 'none'}"
        for what, (name, found) in wanted.items()
        if found != str(values[name])
    ]
    if reasons:
        raise Fail(*reasons)
