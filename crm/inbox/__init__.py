"""What reaches us from outside: kept raw, understood, and given an end that everybody can read."""

from crm.inbox.actions import store_inbound
from crm.inbox.events import InboundSettled, InboundStored
from crm.inbox.models import Inbound, Outcome
from crm.inbox.understanding import understand

__all__ = ["Inbound", "InboundSettled", "InboundStored", "Outcome", "store_inbound", "understand"]
