"""Certificates that sign themselves, made by openssl: good for a server, a client, and the authority of both."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path


def certificate(folder: Path, names: str) -> ssl.SSLContext:
    """Make cert.pem and key.pem for a server of these names (`IP:127.0.0.1,DNS:x`), and give its settings."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=rung", "-addext", f"subjectAltName={names}"]
    command += ["-addext", "keyUsage=critical,digitalSignature,keyCertSign", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
