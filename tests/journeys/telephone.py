"""A telephone on the ground: what its browser keeps for want of a network."""

from __future__ import annotations

from playwright.sync_api import Page

KEPT = "(path) => navigator.serviceWorker.ready.then(() => caches.match(path)).then(Boolean)"


def until(phone: Page, told: str, about: str) -> None:
    """Waits for what a function of the page says of something. Asked again by us: what is kept changes in the
    worker, which nothing on the page tells of, and the page may be another one meanwhile.
    """
    for _ in range(300):
        if phone.evaluate(told, about):
            return
        phone.wait_for_timeout(50)
    raise AssertionError(f"never so of {about}: {told}")


def keeps(phone: Page, *paths: str) -> None:
    for path in paths:
        until(phone, KEPT, path)


def cut_off(phone: Page, path: str) -> None:
    """Without network from now on, and that page opened so. The browser takes a worker that slept offline a
    moment later than its pages: until then it still reads the network.
    """
    phone.context.set_offline(True)
    for _ in range(100):
        phone.goto(path)
        if phone.locator("body[data-kept-at]").count():
            return
        phone.wait_for_timeout(100)
    raise AssertionError(f"{path} never came from what is kept")
