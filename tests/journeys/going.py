"""From one page to the next."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


def follow(page: Page, link: Locator) -> None:
    """A click that opens another page, there and whole: what is counted next is counted of that one."""
    with page.expect_navigation():
        link.first.click()
