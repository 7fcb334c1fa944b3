"""Any store that speaks S3: each request is signed (AWS Signature Version 4), addresses are path-style."""

from __future__ import annotations

from dataclasses import dataclass, field

import requests
from requests_aws4auth import AWS4Auth

from crm.foundation import NotFound, Settings, SettingsError, Unavailable
from crm.storage.port import check_key


@dataclass(frozen=True, slots=True)
class S3Storage:
    """
    Args:
        url: of the server, without the bucket.
    """

    url: str
    bucket: str
    auth: AWS4Auth = field(repr=False)
    timeout_seconds: float

    @property
    def label(self) -> str:
        return f"{self.url} ({self.bucket})"

    def put(self, key: str, content: bytes, media_type: str) -> None:
        self._ask("PUT", key, content, {"Content-Type": media_type})

    def get(self, key: str) -> bytes:
        answer = self._ask("GET", key)
        if answer.status_code == 404:
            raise self._missing(answer, key)
        return answer.content

    def exists(self, key: str) -> bool:
        return self._ask("HEAD", key).status_code != 404

    def delete(self, key: str) -> None:
        self._ask("DELETE", key)

    def _ask(
        self, method: str, key: str, content: bytes | None = None, headers: dict[str, str] | None = None
    ) -> requests.Response:
        """A connection a request: files are few, and what no thread shares cannot be shared by mistake."""
        address = f"{self.url}/{self.bucket}/{check_key(key)}"
        try:
            answer = requests.request(
                method,
                address,
                data=content,
                headers=headers,
                auth=self.auth,
                timeout=self.timeout_seconds,
                allow_redirects=False,
            )
        except requests.RequestException as told:
            raise Unavailable(server="files", why=type(told).__name__) from None  # its words hold the address
        absent = answer.status_code == 404 and method != "PUT"
        if not (200 <= answer.status_code < 300 or absent):
            raise Unavailable(server="files", why=f"http_{answer.status_code}")
        return answer

    def _missing(self, answer: requests.Response, key: str) -> NotFound | Unavailable:
        """A bucket that is not there has lost nothing: it is a setting to mend."""
        if b"NoSuchBucket" in answer.content:
            return Unavailable(server="files", why="no_such_bucket")
        return NotFound(key=key)


def build(settings: Settings) -> S3Storage:
    """
    Raises:
        SettingsError: an address without its bucket or keys.
    """
    files = settings.files
    secret = files.secret_key.get_secret_value()
    needed = {"bucket": files.bucket, "access_key": files.access_key, "secret_key": secret}
    if missing := [name for name, value in needed.items() if not value]:
        raise SettingsError([f"files.{name} : nécessaire avec files.s3_url" for name in missing])
    return S3Storage(
        url=files.s3_url.rstrip("/"),
        bucket=files.bucket,
        auth=AWS4Auth(files.access_key, secret, files.region, "s3"),
        timeout_seconds=files.timeout_seconds,
    )
