"""The official client for the cluster that a kubeconfig describes, and what the client's own loader lacks.

`KubeConfigLoader` reads contexts, certificates, tokens, programs that give credentials, the server's name and proxies.
As kubectl does, these lines add what it does not do:

- It knows no impersonation (`as`, `as-groups`, `as-uid`, `as-user-extra`).
- It reads `tokenFile` once, with the line's end; such a token is renewed in its file.
- Where a program gives no credentials, it writes that to the log, and asks the cluster as nobody. Where a token has
  ended, every thread that asks runs the program.
- It sends requests to a loopback address through a proxy of the environment, and lets NO_PROXY override `proxy-url`.
- It does not send the password in a proxy's address to the proxy.
- It keeps certificates and keys in temporary files until the process ends, and for good where that is killed; here they
  are removed as soon as they are loaded.
"""

from __future__ import annotations

import ipaddress
import logging
import ssl
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import urllib3
from kubernetes.client import ApiClient, Configuration
from kubernetes.client.rest import should_bypass_proxies
from kubernetes.config import ConfigException
from kubernetes.config.kube_config import KubeConfigLoader

_loading = threading.Lock()
_CONNECTIONS = 16  # kept at most; at most eight checks ask at the same time, and some may be given up
_HEADER_CHARACTERS = "!#$&'*+-.^_`|~"  # that a header's name may contain


class KubeconfigClient(ApiClient):
    """The official client; every request impersonates whom the kubeconfig says, unless its own headers do."""

    def __init__(
        self,
        configuration: Configuration,
        tls: ssl.SSLContext | None = None,
        impersonation: Iterable[tuple[str, str]] = (),
        pem: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        super().__init__(configuration)
        self.tls = tls  # the trusted CA and the client certificate; None for a server of http
        if tls is not None:
            self.rest_client.pool_manager.connection_pool_kw["ssl_context"] = tls
        self.pem = pem  # "client-certificate" and "client-key", where the credentials are such
        self.user_agent = "rung"
        self.impersonation = tuple(impersonation)  # (name, value) of headers; a name may come more than once

    def call_api(self, method: str, url: str, header_params: Any = None, *args: Any, **options: Any) -> Any:
        """Send a request. Called for those of the official API classes too."""
        headers = urllib3.HTTPHeaderDict(header_params or {})
        if "Impersonate-User" not in headers:
            for name, value in self.impersonation:
                headers.add(name, value)
        return super().call_api(method, url, headers, *args, **options)


def connect(source: Mapping[str, Any] | Path | str, context: str | None = None) -> tuple[KubeconfigClient, str]:
    """The client of a kubeconfig (a mapping, or a file's path), and the context's namespace; sends nothing.

    `context` defaults to the current one. Relative paths in a file start at its folder. A program that gives
    credentials runs. Raises ValueError where the kubeconfig is not understood or the program gives none, and OSError
    where a file cannot be read (ssl.SSLError: where it holds no certificate).
    """
    document, folder = (source, "") if isinstance(source, Mapping) else _read(Path(source))
    with _temporary_files() as files:
        try:
            load: Any = KubeConfigLoader
            loader = load(dict(document), context, config_base_path=folder, temp_file_path=files)
            chosen = loader.current_context["context"]
            user = _entry(document, "users", chosen.get("user")).get("user") or {}
            cluster = _entry(document, "clusters", chosen["cluster"]).get("cluster") or {}
            configuration = _configuration(loader, user)
        except ConfigException as error:
            raise ValueError(f"the kubeconfig cannot be used: {error}") from error
        parts = urlsplit(configuration.host)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"`{configuration.host}` is no address of an API server")
        pem = _take_pem(configuration)
        tls = _tls_context(configuration) if parts.scheme == "https" else None
    configuration.ssl_ca_cert = configuration.cert_file = configuration.key_file = None  # `tls` has them
    if user.get("tokenFile"):
        _renew_from(Path(folder, user["tokenFile"]), configuration)
    _use_proxy(configuration, given=bool(cluster.get("proxy-url")))
    if not configuration.verify_ssl:
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # the kubeconfig says so
    client = KubeconfigClient(configuration, tls, _impersonation(user), pem)
    return client, chosen.get("namespace") or "default"


@contextmanager
def _temporary_files() -> Iterator[str]:
    """A folder for the files that the loader writes; one at a time, because it remembers them for the whole process."""
    with _loading, tempfile.TemporaryDirectory(prefix="rung-") as folder:
        yield folder


def _take_pem(configuration: Any) -> dict[str, bytes]:
    """The client's certificate and key, as far as the configuration has them. Raises OSError."""
    files = {"client-certificate": configuration.cert_file, "client-key": configuration.key_file}
    return {name: Path(file).read_bytes() for name, file in files.items() if file}


def _tls_context(configuration: Configuration) -> ssl.SSLContext:
    """The trusted CA and the client certificate of a configuration. Raises ssl.SSLError where they are none."""
    context = ssl.create_default_context(cafile=configuration.ssl_ca_cert)
    if not configuration.verify_ssl:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if configuration.cert_file:
        context.load_cert_chain(configuration.cert_file, configuration.key_file)
    return context


def _read(path: Path) -> tuple[Mapping[str, Any], str]:
    """A kubeconfig, and its folder."""
    import yaml

    try:
        document = yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise ValueError(f"{path} is no YAML") from error
    if not isinstance(document, dict):
        raise ValueError(f"{path} is no kubeconfig")
    return document, str(path.absolute().parent)


def _entry(document: Mapping[str, Any], part: str, name: str | None) -> Mapping[str, Any]:
    return next((entry for entry in document.get(part) or () if entry.get("name") == name), {})


def _configuration(loader: Any, user: Mapping[str, Any]) -> Configuration:
    if user.get("auth-provider"):
        # The provider may take a token for renewal only once, and kubectl would not find the next one.
        raise ValueError("the kubeconfig's user has `auth-provider`, which is not supported")
    configuration = Configuration()
    configuration.retries = False
    configuration.connection_pool_maxsize = _CONNECTIONS
    if user.get("exec"):
        _load_from_program(loader, configuration, user["exec"].get("command", ""))
    else:
        loader.load_and_set(configuration)
    return configuration


def _load_from_program(loader: Any, configuration: Any, command: str) -> None:
    """Load credentials, and load them again when they have ended: once, whichever threads ask for them."""
    renewing = threading.Lock()
    with _failures_of(command):
        loader.load_and_set(configuration)
    renew = configuration.refresh_api_key_hook

    def renew_once(configuration: Any) -> None:
        with renewing, _temporary_files() as files, _failures_of(command):
            loader._temp_file_path = files
            renew(configuration)
            configuration.refresh_api_key_hook = renew_once  # `renew` has put itself there

    if renew is not None:  # a certificate is not renewed
        configuration.refresh_api_key_hook = renew_once


class _Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.thread_id = threading.get_ident()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread_id:
            self.messages.append(record.getMessage())


@contextmanager
def _failures_of(command: str) -> Iterator[None]:
    """Raise ValueError for what the loader only writes to the log: why a program gives no credentials."""
    handler = _Errors()
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
    if handler.messages:
        why = "; ".join(handler.messages)
        raise ValueError(f"the kubeconfig's program `{command}` gave no credentials: {why}")


def _renew_from(path: Path, configuration: Any) -> None:
    """Read the token before each request; where the file cannot be read any more, the last token counts."""

    def renew(configuration: Configuration) -> None:
        with suppress(OSError):
            configuration.api_key["BearerToken"] = f"Bearer {path.read_text('utf-8').strip()}"

    configuration.refresh_api_key_hook = renew
    renew(configuration)


def _use_proxy(configuration: Configuration, *, given: bool) -> None:
    """Ask through the proxy of the kubeconfig (`given`), else of the environment."""
    if given:
        configuration.no_proxy = None
    elif _is_loopback(urlsplit(configuration.host).hostname or "") or should_bypass_proxies(
        configuration.host, configuration.no_proxy or ""
    ):
        configuration.proxy = None
    if not configuration.proxy:
        return
    address = configuration.proxy if "://" in configuration.proxy else f"http://{configuration.proxy}"
    parts = urlsplit(address)
    if parts.scheme != "http" or not parts.hostname:  # a stream cannot pass others (see exec_stream)
        raise ValueError(f"clusters are asked through proxies of http alone, not through {address}")
    configuration.proxy = address
    if parts.username:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        configuration.proxy_headers = urllib3.make_headers(proxy_basic_auth=login)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _impersonation(user: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The headers of a user that impersonates another one."""
    if user.get("as"):
        yield "Impersonate-User", str(user["as"])
    if user.get("as-uid"):
        yield "Impersonate-Uid", str(user["as-uid"])
    for group in user.get("as-groups") or ():
        yield "Impersonate-Group", str(group)
    for key, values in (user.get("as-user-extra") or {}).items():
        for value in values:
            yield f"Impersonate-Extra-{quote(key, safe=_HEADER_CHARACTERS)}", str(value)
