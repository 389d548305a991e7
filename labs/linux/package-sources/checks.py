"""The repositories that dnf itself reads out of its configuration, and whether they answer."""

import json
from typing import Any

from rung.checks import Fail, Host, check

# dnf's own reading of every file: for each enabled repository its settings, and why it can't be loaded.
_READ = """
import dnf, json, sys, tempfile
with tempfile.TemporaryDirectory() as cache:
    base = dnf.Base()
    base.conf.read()
    base.conf.cachedir = cache
    base.conf.persistdir = cache
    base.conf.timeout, base.conf.retries = 3, 1
    base.read_all_repos()
    found = []
    for repo in base.repos.iter_enabled():
        urls = list(repo.baseurl) or [str(repo.metalink or repo.mirrorlist or "")]
        try:
            repo.load()
            error = None
        except dnf.exceptions.RepoError as broken:
            error = str(broken).splitlines()[0]
        found.append({"id": repo.id, "urls": urls, "gpgcheck": bool(repo.gpgcheck), "keys": list(repo.gpgkey),
                      "error": error})
    json.dump(found, sys.stdout)
"""


# Where an installed package came from, as dnf remembers it: nothing, if rpm alone installed it.
_ORIGIN = """
import dnf, json, sys
base = dnf.Base()
base.fill_sack(load_available_repos=False)
json.dump([str(p.from_repo or "") for p in base.sack.query().installed().filter(name=sys.argv[1])], sys.stdout)
"""
# Whether one of the given keys fits the package: tried with a temporary keyring.
_FITS = """
d=$(mktemp -d) || exit
trap 'rm -rf "$d"' EXIT
package=$1; shift
for key in "$@"; do
    curl -fsS --max-time 3 -o "$d/key" "$key" && rpmkeys --dbpath "$d" --import "$d/key"
done
rpmkeys --dbpath "$d" --checksig "$package"
"""
SIGNED_PACKAGE = "/srv/repo/signed/lantern-1.1-1.noarch.rpm"


def ask_dnf(host: Host, script: str, *arguments: str) -> Any:
    """What a script that uses dnf's own library prints, read as JSON. Fail where it has no answer."""
    # Without a working dnf the check fails: removing or breaking it gains nothing.
    result = host.run("/usr/bin/python3 -I -" + " %s" * len(arguments), *arguments, stdin=script)
    try:
        if result.ok:
            return json.loads(result.stdout)
    except ValueError:
        pass
    last = (result.stderr.strip().splitlines() or ["it said nothing"])[-1]
    raise Fail(f"dnf: expected it to work with a configuration that it can read, found: {last}")


def repositories(host: Host) -> list[dict[str, Any]]:
    """Every enabled repository: id, urls, gpgcheck, keys, error."""
    found: list[dict[str, Any]] = ask_dnf(host, _READ)
    return found


def named(host: Host, url: str) -> dict[str, Any]:
    """The enabled repository at an address, which answers. Fail where there is none."""
    for repo in repositories(host):
        if any(u.rstrip("/") == url.rstrip("/") for u in repo["urls"]):
            if repo["error"] is not None:
                raise Fail(f"{url}: expected an answer, found: {repo['error']}")
            return repo
    raise Fail(f"{url}: expected an enabled repository with this address, found none")


@check(task="dead", points=2)
def forgotten(host: Host) -> None:
    """dnf does not ask the dead server any more"""
    for repo in repositories(host):
        if any("mirror.invalid" in url for url in repo["urls"]):
            raise Fail(f"mirror.invalid: expected no enabled repository there, found {repo['id']}")


@check(task="signed", points=2)
def known(host: Host) -> None:
    """The signed repository is enabled and answers"""
    named(host, "http://localhost:8000/signed/")


@check(task="signed", points=3)
def checked(host: Host) -> None:
    """dnf checks the packages of the signed repository with its key"""
    repo = named(host, "http://localhost:8000/signed/")
    if not repo["gpgcheck"]:
        raise Fail(f"{repo['id']}: gpgcheck: expected yes, found no")
    # The key may be named by its address, lie in a file, or have been imported beforehand.
    imported = host.run("rpmkeys --checksig %s", SIGNED_PACKAGE).ok
    keys = [key if ":/" in key else f"file://{key}" for key in repo["keys"]]
    fits = keys and host.run("set -- " + "%s " * (len(keys) + 1) + _FITS, SIGNED_PACKAGE, *keys).ok
    if not imported and not fits:
        raise Fail(f"{repo['id']}: gpgkey: expected the repository's key, found {', '.join(keys) or 'none'}")


@check(task="plain", id="known", points=2)
def plain_known(host: Host) -> None:
    """The plain repository is enabled and answers"""
    named(host, "http://localhost:8000/plain/")


@check(task="plain", points=1)
def unchecked(host: Host) -> None:
    """Packages of the plain repository can be installed without a signature"""
    repo = named(host, "http://localhost:8000/plain/")
    if repo["gpgcheck"]:
        raise Fail(f"{repo['id']}: gpgcheck: expected no, found yes")


@check(task="lantern", id="by-dnf", points=1)
def by_dnf(host: Host) -> None:
    """dnf has installed lantern"""
    if not any(ask_dnf(host, _ORIGIN, "lantern")):
        raise Fail("lantern: expected a package that dnf installed, found none")
