"""Others' machines told of what happens to demands: who wants to know what, and whether they heard."""

from crm.webhooks.actions import (
    SubscriptionGiven,
    change_subscription,
    forget_sendings,
    make_subscription,
    renew_secret,
    send_again,
)
from crm.webhooks.events import SecretRenewed, SubscriptionChanged, SubscriptionMade, WebhookDue
from crm.webhooks.models import Sending, Subscription
from crm.webhooks.preparing import TOLD, WANTED, prepare_sendings
from crm.webhooks.queries import SendingLine, SubscriptionCard, one_subscription, sendings_page, subscriptions
from crm.webhooks.sending import (
    ToSend,
    give_back,
    mark_told,
    mark_untold,
    payload,
    quieten,
    stop_sending,
    to_send,
)
from crm.webhooks.signing import as_bytes, secret_of, signed

__all__ = [
    "TOLD",
    "WANTED",
    "SecretRenewed",
    "Sending",
    "SendingLine",
    "Subscription",
    "SubscriptionCard",
    "SubscriptionChanged",
    "SubscriptionGiven",
    "SubscriptionMade",
    "ToSend",
    "WebhookDue",
    "as_bytes",
    "change_subscription",
    "forget_sendings",
    "give_back",
    "make_subscription",
    "mark_told",
    "mark_untold",
    "one_subscription",
    "payload",
    "prepare_sendings",
    "quieten",
    "renew_secret",
    "secret_of",
    "send_again",
    "sendings_page",
    "signed",
    "stop_sending",
    "subscriptions",
    "to_send",
]
