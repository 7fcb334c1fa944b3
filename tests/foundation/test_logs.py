"""Logs say what failed and where; never what people wrote."""

from __future__ import annotations

import pytest
import structlog

from crm.foundation import configure_logs


def test_an_exception_is_told_by_its_class_and_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    try:
        raise ValueError("Mme Diallo, 06 39 98 00 00")
    except ValueError:
        structlog.get_logger().exception("page_failed", endpoint="cases.show")

    told = capsys.readouterr().out
    assert "page_failed" in told and "ValueError" in told and "test_logs.py:" in told
    assert "Diallo" not in told and "06 39" not in told
