"""The whole chain of effects on one page: after which fact, which jobs run.

Each name is a job of workers/jobs. What is not here happens inside the act itself: asking, answering and
closing queue their own message, because an agent wrote it.
"""

from crm.appointments import AppointmentBooked, AppointmentCancelled, AppointmentMoved, AppointmentNear
from crm.attachments import FilesAdded, FilesReceived, FilesWithdrawn, RemoteFileAsked
from crm.cases import (
    CallPromised,
    CaseCancelled,
    CaseClosed,
    CaseDelayed,
    CaseFollowed,
    CaseMerged,
    CaseOpened,
    CasePlanned,
    CaseReferred,
    CaseReopened,
    CaseReturned,
    CaseSecured,
    CaseUrgent,
    LotStarted,
)
from crm.cases.orders.events import OrderAsked
from crm.cases.people.events import CaseRestricted
from crm.cases.together.following_events import IncidentOverSaid
from crm.contacts import SmsAccepted, SmsRefused
from crm.foundation import Reactions
from crm.guests import GuestAsked, OpinionGiven, ReferralAnswered
from crm.inbox import InboundSettled, InboundStored
from crm.interactions import MessageQueued, MessageRefused
from crm.promises import CalendarPublished, UnitCalendarGiven
from crm.routing import RoutingSimulationAsked
from crm.space import SpaceLinkAsked
from crm.staff import AgentInvited, UnitClosed
from crm.webhooks import TOLD, WANTED, WebhookDue

_OURS: Reactions = {
    CaseOpened: ("acknowledge",),  # registration, by the channel the usager chose
    # To who is competent instead of us, and to the usager; nobody receives them here.
    CaseReferred: ("hand_over", "tell_referral", "tell_followers", "end_appointments"),
    OrderAsked: ("ring_unit",),  # who leads the unit that is asked
    GuestAsked: ("invite_guest",),  # a mail with a personal link
    OpinionGiven: ("ring_asker",),  # whoever asked for it
    ReferralAnswered: ("ring_asker",),
    CaseReturned: ("tell_returned", "tell_followers"),  # the body they were told of refused it
    CasePlanned: ("tell_followers",),  # each of them, by their own channel
    CaseSecured: ("tell_made_safe", "tell_followers"),  # the danger is away, the works are dated
    CaseDelayed: ("tell_followers",),  # the usager’s own message is queued by the act
    CaseClosed: ("tell_followers",),
    CaseCancelled: ("tell_followers", "end_appointments"),  # nobody waits for them
    CaseReopened: ("tell_reopening", "tell_followers"),  # the new date
    CaseFollowed: ("tell_follower",),  # which demand they join
    CaseRestricted: ("say_instead",),  # what was about to leave for the usager is told by a person
    CaseMerged: ("tell_merged",),  # whoever came with it follows the other
    CaseUrgent: ("call_out",),  # whoever is on call, by two means
    CalendarPublished: ("reckon_clocks",),  # those that run, behind who published it
    UnitCalendarGiven: ("reckon_clocks",),  # what that unit has yet to take in charge
    AppointmentBooked: ("tell_appointment",),  # with the entry for a calendar
    AppointmentMoved: ("tell_appointment",),
    CallPromised: ("tell_call_back",),  # in writing too, between what and what
    AppointmentNear: ("tell_appointment",),  # it is tomorrow
    AppointmentCancelled: ("tell_appointment",),
    UnitClosed: ("hand_over_unit",),  # what it had, to the one that takes over
    AgentInvited: ("send_invitation",),  # signed as it leaves
    IncidentOverSaid: ("tell_incident_over",),  # everybody attached, by each one's channel
    LotStarted: ("do_lots",),  # one act on many demands, behind the agent
    FilesReceived: ("store_files",),  # their bytes leave the database for the storage
    FilesAdded: ("store_files",),
    FilesWithdrawn: ("forget_files",),  # and leave the storage
    RemoteFileAsked: ("fetch_media",),  # a photo that a partner gave by its address
    InboundStored: ("understand_inbound",),  # read by the adapter of its channel, then given an end
    InboundSettled: ("keep_raw",),  # its raw content leaves the database for the storage
    MessageRefused: ("reach_otherwise",),  # by the next way, once; else somebody finds one
    MessageQueued: ("send_message",),  # e-mail and SMS leave; letters and calls wait for somebody
    SmsRefused: ("confirm_sms_wish",),  # « STOP » is answered once, then nothing goes there
    SmsAccepted: ("confirm_sms_wish",),
    SpaceLinkAsked: ("send_space_link",),  # to a mailbox that is known; signed as it leaves
    RoutingSimulationAsked: ("simulate_routing",),  # a draft tried on past demands
    WebhookDue: ("tell_subscribers",),  # others' machines that asked to be told
}
# Besides, whoever subscribed is found after each fact that may be told outside.
_OUTSIDE: Reactions = {fact: (*_OURS.get(fact, ()), "prepare_webhooks") for fact in TOLD}
REACTIONS: Reactions = {**_OURS, **_OUTSIDE}
# Not even asked for while nobody subscribed: the condition stands in the statement that keeps the fact.
ON_DEMAND = {"prepare_webhooks": WANTED}
