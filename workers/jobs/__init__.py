"""One file a job, named after what it does. INSIDE ones write in our database; OUTSIDE ones call the world,
or take long.

An inside job's effects and its "done" mark commit together. An outside job takes many deliveries at once, so
that they share one connection; it notes the try, calls with no transaction open, notes each result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from crm.foundation import UnitOfWork
from crm.wiring import Wiring
from workers.facts import Fact
from workers.jobs.ask_outside import hand_over, invite_guest
from workers.jobs.call_out import call_out
from workers.jobs.confirm_sms_wish import confirm_sms_wish
from workers.jobs.do_lots import do_lots
from workers.jobs.end_appointments import end_appointments
from workers.jobs.fetch_media import fetch_media
from workers.jobs.forget_files import forget_files
from workers.jobs.hand_over_unit import hand_over_unit
from workers.jobs.keep_raw import keep_raw
from workers.jobs.reach_otherwise import reach_otherwise
from workers.jobs.reckon_clocks import reckon_clocks
from workers.jobs.ring_asker import ring_asker
from workers.jobs.ring_unit import ring_unit
from workers.jobs.say_instead import say_instead
from workers.jobs.send_invitation import send_invitations
from workers.jobs.send_message import send_messages
from workers.jobs.send_space_link import send_space_links
from workers.jobs.simulate_routing import simulate_routing
from workers.jobs.store_files import store_files
from workers.jobs.tell_appointment import tell_appointment
from workers.jobs.tell_call_back import tell_call_back
from workers.jobs.tell_followers import tell_follower, tell_followers, tell_incident_over, tell_merged
from workers.jobs.tell_subscribers import prepare_webhooks, tell_subscribers
from workers.jobs.tell_usager import (
    acknowledge,
    tell_made_safe,
    tell_referral,
    tell_reopening,
    tell_returned,
)
from workers.jobs.understand_inbound import understand_inbound

INSIDE: Mapping[str, Callable[[Wiring, UnitOfWork, Fact], None]] = {
    "acknowledge": acknowledge,
    "hand_over": hand_over,
    "invite_guest": invite_guest,
    "call_out": call_out,
    "tell_referral": tell_referral,
    "tell_made_safe": tell_made_safe,
    "tell_reopening": tell_reopening,
    "tell_returned": tell_returned,
    "ring_asker": ring_asker,
    "ring_unit": ring_unit,
    "tell_appointment": tell_appointment,
    "end_appointments": end_appointments,
    "tell_call_back": tell_call_back,
    "tell_follower": tell_follower,
    "tell_followers": tell_followers,
    "tell_merged": tell_merged,
    "tell_incident_over": tell_incident_over,
    "understand_inbound": understand_inbound,
    "reach_otherwise": reach_otherwise,
    "say_instead": say_instead,
    "confirm_sms_wish": confirm_sms_wish,
    "prepare_webhooks": prepare_webhooks,
}
OUTSIDE: Mapping[str, Callable[[Wiring, Sequence[int]], None]] = {
    "fetch_media": fetch_media,
    "keep_raw": keep_raw,
    "do_lots": do_lots,
    "forget_files": forget_files,
    "hand_over_unit": hand_over_unit,
    "reckon_clocks": reckon_clocks,
    "send_invitation": send_invitations,
    "send_message": send_messages,
    "send_space_link": send_space_links,
    "simulate_routing": simulate_routing,
    "store_files": store_files,
    "tell_subscribers": tell_subscribers,
}
JOBS = (*INSIDE, *OUTSIDE)
