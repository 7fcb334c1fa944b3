"""Who signs a webhook: what another library signs is taken; what is forged, changed or old is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from crm.channels import Forged, check_signature

_SECRET = "whsec_c2VjcmV0IGQndW4gYXV0b2NvbW11dGF0ZXVy"
_NOW = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
_BODY = '{"call": "a1", "event": "new"}'


def _headers(at: datetime = _NOW, body: str = _BODY, secret: str = _SECRET) -> dict[str, str]:
    return {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": Webhook(secret).sign("msg_1", at, body),
    }


def test_what_the_reference_library_signs_is_taken() -> None:
    assert check_signature(_SECRET, _headers(), _BODY.encode(), _NOW) == "msg_1"


def test_one_good_signature_among_several_is_enough_while_a_secret_changes() -> None:
    both = _headers() | {"Webhook-Signature": f"v1,b2xk {_headers()['Webhook-Signature']}"}
    assert check_signature(_SECRET, both, _BODY.encode(), _NOW)


@pytest.mark.parametrize("gap", [timedelta(minutes=-6), timedelta(minutes=6)])
def test_a_recording_played_again_later_is_refused(gap: timedelta) -> None:
    with pytest.raises(Forged):
        check_signature(_SECRET, _headers(), _BODY.encode(), _NOW + gap)


@pytest.mark.parametrize(
    "changed",
    [
        {"Webhook-Signature": ""},
        {"Webhook-Signature": "v1,AAAA"},
        {"Webhook-Id": "msg_2"},
        {"Webhook-Id": ""},
        {"Webhook-Timestamp": str(int(_NOW.timestamp()) + 1)},
        {"Webhook-Timestamp": "hier"},
        {"Webhook-Timestamp": "9" * 30},
        {"Webhook-Timestamp": "²"},
        {"Webhook-Signature": "v1,é"},
    ],
)
def test_whatever_is_missing_or_changed_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(Forged):
        check_signature(_SECRET, _headers() | changed, _BODY.encode(), _NOW)


def test_another_body_another_secret_or_no_secret_is_refused() -> None:
    for secret, body in ((_SECRET, b"{}"), ("whsec_YXV0cmU=", _BODY.encode()), ("", _BODY.encode())):
        with pytest.raises(Forged):
            check_signature(secret, _headers(), body, _NOW)
