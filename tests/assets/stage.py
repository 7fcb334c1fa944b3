"""A page of the console served under the real security policy, with invented answers behind it."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, StrictUndefined

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "crm" / "http" / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
SQUARE = [[[4.8, 45.7], [4.9, 45.7], [4.9, 45.8], [4.8, 45.8], [4.8, 45.7]]]


def manifest() -> dict[str, str]:
    path = STATIC / "manifest.json"
    assert path.exists(), "the assets are not built: npm ci && npm run build"
    read: dict[str, str] = json.loads(path.read_text("utf-8"))
    return read


def weight(*names: str) -> int:
    """Bytes on the line, gzip, of the files named and of what they import at once."""
    files = {manifest()[name] for name in names}
    for name in list(files):
        text = (STATIC / name).read_text("utf-8") if name.endswith(".js") else ""
        files |= {chunk.name for chunk in STATIC.glob("chunk-*.js") if f'from"./{chunk.name}"' in text}
    return sum(len(gzip.compress((STATIC / name).read_bytes())) for name in files)


def render(template: str, **values: object) -> str:
    """A screen with its frame; `template` is the text of the screen, or the name of one of ours."""
    loader = ChoiceLoader([DictLoader({"screen": template}), FileSystemLoader(ROOT / "templates")])
    names = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"]
    )
    names.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    files = manifest()
    names.globals |= {
        "asset": lambda name: f"/static/{files[name]}",
        "csrf_token": lambda: "token",
        "get_flashed_messages": lambda with_categories: [],
    }
    return names.get_template(template if template.endswith(".html") else "screen").render(**values)


@dataclass
class Stage:
    pages: dict[str, str]
    posts: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    address: str = ""

    def answer(self, path: str) -> tuple[bytes, str] | None:
        """Body and content type of a GET."""
        found = STATIC / Path(path).name
        if path.startswith("/static/") and found.is_file():
            return found.read_bytes(), KINDS.get(found.suffix, "text/plain")
        if path in self.pages:
            return self.pages[path].encode(), "text/html; charset=utf-8"
        invented = {"/adresses": _addresses, "/categories": _categories, "/contours": _outlines}.get(path)
        return (json.dumps(invented()).encode(), "application/json") if invented else None


def _addresses() -> dict[str, object]:
    numbers = (10, 12, 14)
    place = {"lon": 4.85, "lat": 45.75}
    return {"items": [{"value": str(n), "label": f"{n} rue des Lilas", "data": place} for n in numbers]}


def _categories() -> dict[str, object]:
    return {
        "items": [{"value": f"C-{n}", "label": f"Catégorie {n}", "detail": "Voirie"} for n in range(1, 6)]
    }


def _outlines() -> dict[str, object]:
    square = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": SQUARE}}
    return {"type": "FeatureCollection", "features": [square]}


@contextmanager
def open_stage(**pages: str) -> Iterator[Stage]:
    stage = Stage({f"/{name}": page for name, page in pages.items()})

    class Door(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Quiet."""

        def do_GET(self) -> None:
            self._send(stage.answer(urlsplit(self.path).path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            stage.posts.append((self.path, parse_qs(body, keep_blank_values=True)))
            if self.path == "/too-late":
                self._lead("/sent")
                return
            fragment = b"<p>Service : voirie</p>", "text/html; charset=utf-8"
            self._send(stage.answer(self.path) or fragment)

        def _lead(self, path: str) -> None:
            self.send_response(303)
            self.send_header("Location", path)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _send(self, answer: tuple[bytes, str] | None) -> None:
            body, kind = answer or (b"", "text/plain")
            self.send_response(200 if answer else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stage.address = f"http://127.0.0.1:{server.server_port}"
    yield stage
    server.shutdown()
    server.server_close()
