"""A local socket for an engine on another computer: each connection to it runs `docker system dial-stdio` over ssh.

The SDK reaches engines by ssh through paramiko, which takes 0.2 s to load wherever it is installed, and through an ssh
command whose streams it cannot select on. With this socket it needs neither, and the user's own ssh configuration
holds.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path
from urllib.parse import urlsplit


class SshBridge:
    """The socket; connections are accepted until `close`."""

    def __init__(self, url: str, connect_seconds: int = 10) -> None:
        """`url`: ssh://[user@]host[:port]. Raises FileNotFoundError where there is no ssh command."""
        parts = urlsplit(url)
        if not parts.hostname:
            raise ValueError(f"`{url}` names no computer")
        if shutil.which("ssh") is None:
            raise FileNotFoundError("ssh is not on PATH")
        # ssh may ask for a passphrase on the terminal, so it stays in the terminal's process group; but Ctrl-C must not
        # end it, because Rung removes its machines through it. The shell ignores the signal, and ssh inherits that:
        # Popen's `preexec_fn` may hang in a process with threads.
        command = ["/bin/sh", "-c", 'trap "" INT; exec "$@"', "sh"]
        command += ["ssh", "-o", f"ConnectTimeout={connect_seconds}"]
        command += ["-l", parts.username] if parts.username else []
        command += ["-p", str(parts.port)] if parts.port else []
        self._command = [*command, "--", parts.hostname, "docker", "system", "dial-stdio"]
        self._folder = tempfile.TemporaryDirectory(prefix="rung-ssh-")  # of mode 0700: nobody else can connect
        path = Path(self._folder.name) / "docker.sock"
        self.url = f"unix://{path}"
        self._running: list[subprocess.Popen[bytes]] = []
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return  # closed
            with connection:
                self._running = [process for process in self._running if process.poll() is None]
                descriptor = connection.fileno()
                self._running.append(subprocess.Popen(self._command, stdin=descriptor, stdout=descriptor))

    def close(self) -> None:
        """Accept no more connections, and end those that are open."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for process in self._running:
            process.terminate()
            process.wait()
        self._folder.cleanup()
