"""The repositories that dnf itself reads out of its configuration, and whether they answer."""

import json
from typing import Any

from rung.checks import Broken, Fail, Host, check

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


def repositories(host: Host) -> list[dict[str, Any]]:
    """Every enabled repository: id, urls, gpgcheck, keys, error."""
    result = host.run("/usr/bin/python3 -I -", stdin=_READ)
    if not result.ok:
        last = (result.stderr.strip().splitlines() or ["it said nothing"])[-1]
        if host.run("type -p dnf").ok:
            raise Fail(f"dnf: expected a configuration that it can read, found: {last}")
        raise Broken(f"dnf could not be asked: {last}")
    found: list[dict[str, Any]] = json.loads(result.stdout)
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
    imported = "packages@lab.example" in (host.text("rpm -q gpg-pubkey --qf '%{SUMMARY}\\n'") or "")
    if not repo["keys"] and not imported:
        raise Fail(f"{repo['id']}: gpgkey: expected the repository's key, found none")


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
