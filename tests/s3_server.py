"""A real S3-speaking server (SeaweedFS) on this machine, which a story may stop and start again."""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from crm.foundation import Settings, Unavailable
from crm.foundation.settings import Files
from crm.storage import open_storage

_BUCKET, _ACCESS, _SECRET = "crm-files", "tests", "not a secret: a test"
_PATIENCE_SECONDS = 40
_drawn: set[int] = set()


def _free_port() -> int:
    """Below the range from which outgoing calls, its own first, take theirs while it starts; never one twice:
    what it is for does not listen yet.
    """
    while True:
        port = random.randint(20_000, 32_000)
        with socket.socket() as tried:
            if port not in _drawn and tried.connect_ex(("127.0.0.1", port)) != 0:
                _drawn.add(port)
                return port


@dataclass
class S3Server:
    folder: Path
    ports: dict[str, int] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def files(self) -> Files:
        """The settings that lead here."""
        url = f"http://127.0.0.1:{self.ports['s3']}"
        return Files(s3_url=url, bucket=_BUCKET, access_key=_ACCESS, secret_key=_SECRET, timeout_seconds=3)

    def start(self) -> None:
        weed = Path(sys.executable).with_name("weed")
        self.ports = self.ports or {name: _free_port() for name in ("master", "volume", "filer", "s3")}
        self.folder.mkdir(exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen([str(weed), *self._told()], stdout=log, stderr=log)
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """As when its machine loses power: what it had taken is on its disk."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _told(self) -> list[str]:
        keys = self.folder / "keys.json"
        may = {"accessKey": _ACCESS, "secretKey": _SECRET}
        keys.write_text(
            json.dumps({"identities": [{"name": "tests", "credentials": [may], "actions": ["Admin"]}]})
        )
        ports = self.ports
        return [
            "server",
            f"-dir={self.folder}",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            f"-master.port={ports['master']}",
            f"-master.port.grpc={_free_port()}",
            "-master.telemetry=false",
            "-master.volumeSizeLimitMB=32",
            f"-volume.port={ports['volume']}",
            f"-volume.port.grpc={_free_port()}",
            "-volume.max=50",
            "-filer",
            f"-filer.port={ports['filer']}",
            f"-filer.port.grpc={_free_port()}",
            "-s3",
            f"-s3.port={ports['s3']}",
            f"-s3.port.grpc={_free_port()}",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            f"-s3.config={keys}",
        ]

    def _wait(self) -> None:
        """Until it takes and gives back an object: it answers before it can."""
        storage = open_storage(Settings(files=self.files))
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                storage.put("ready", b"yes", "text/plain")
                assert storage.get("ready") == b"yes"
                return
            except Unavailable:
                assert time.monotonic() < until, (self.folder / "log").read_text()[-3000:]
                time.sleep(0.2)
