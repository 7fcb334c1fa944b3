"""Who may do what, on which records. The matrix of annex C, and the only place where a role has rights."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Permission(StrEnum):
    CASE_VIEW = "case.view"
    CASE_CREATE = "case.create"
    CASE_EDIT = "case.edit"
    CASE_NOTE = "case.note"
    CASE_ROUTE = "case.route"
    CASE_ACCEPT = "case.accept"
    CASE_ASK = "case.ask"
    CASE_BOUNCE = "case.bounce"
    CASE_RESOLVE = "case.resolve"
    CASE_CLOSE = "case.close"
    CASE_CANCEL = "case.cancel"
    CASE_REOPEN = "case.reopen"
    CASE_FOLLOW = "case.follow"  # somebody says « moi aussi »
    CASE_MERGE = "case.merge"  # two are the same: one ends there, its requester follows the other
    INCIDENT_DECLARE = "incident.declare"  # one problem, many callers: what agents say of it
    ORDER_ASK = "order.ask"  # ask another unit for its part of the work; asked of the case
    ORDER_VIEW = "order.view"
    ORDER_LEAD = "order.lead"  # accept, plan, send back what one's unit owes
    ORDER_DO = "order.do"
    ROUND_MAKE = "round.make"  # who goes where, in which order
    ROUND_VIEW = "round.view"
    CASE_FOLLOW_UP = "case.follow_up"  # the resident adds a precision or contests
    CASE_UPDATE = "case.update"  # a partner's machine says what became of a demand
    CASE_RESTRICT = "case.restrict"  # name its readers: grave facts, a complaint about one of us
    CASE_UNRESTRICT = "case.unrestrict"
    OFF_SCRIPT_REVIEW = "off_script.review"  # the month's steps outside the frame, and the rules made of them
    APPOINTMENT_BOOK = "appointment.book"
    SLOT_OPEN = "slot.open"  # the moments at which a service or a desk receives
    CASE_TALK = "case.talk"  # answer what a usager wrote, without closing
    CASE_IMPORT = "case.import"
    CONTACT_VIEW = "contact.view"
    CONTACT_EDIT = "contact.edit"
    CONTACT_MERGE = "contact.merge"  # two sheets are one person, or are not after all
    CONTACT_OWN = "contact.own"  # a resident says it of themselves: wishes, needs, an address that is theirs
    READING_VIEW = "reading.view"  # who opened which sheet
    CONTACT_REVEAL = "contact.reveal"  # see masked details of a case within reach, with a trace
    MESSAGE_SEND = "message.send"  # what the system composes and hands to a channel
    LETTER_PRINT = "letter.print"
    CALLBACK_DO = "callback.do"
    DELIVERY_MANAGE = "delivery.manage"
    CASE_COORDINATE = "case.coordinate"  # say where a case goes that came back twice
    GUEST_ASK = "guest.ask"  # show an extract of a case to somebody outside
    GUEST_ANSWER = "guest.answer"  # whoever holds a link, on what it shows
    CASE_REDISPATCH = "case.redispatch"  # move many cases from one unit to another
    CALENDAR_MANAGE = "calendar.manage"  # the hours and closures that promises are reckoned by
    CLOCKS_KEEP = "clocks.keep"  # the programme watches promises and tells agents of them
    ON_CALL_PLAN = "on_call.plan"  # who is called for a unit when something cannot wait
    BOARD_VIEW = "board.view"  # what waits, by list and by age, of the cases within reach
    VOLUMES_KEEP = "volumes.keep"  # the programme counts what it registered
    SPACE_ENTER = "space.enter"  # a resident opens their own space
    LOG_IN = "log.in"  # whoever has not said yet who they are
    STAFF_MANAGE = "staff.manage"
    STAFF_VIEW = "staff.view"  # look for a colleague, by what they know or where they work
    SECOND_FACTOR_RESET = "second_factor.reset"  # of somebody who lost theirs
    TERRITORY_LOAD = "territory.load"
    CATALOGUE_LOAD = "catalogue.load"
    CONTENT_EDIT = "content.edit"  # what the centre asks and says, changed on screen
    CONTENT_VIEW = "content.view"  # the same, read, and tried on a demand that one may see
    ROUTING_LOAD = "routing.load"
    ROUTING_EDIT = "routing.edit"  # draft who is competent, try it, publish it
    ROUTING_VIEW = "routing.view"
    KEY_CREATE = "key.create"
    FILE_STORE = "file.store"  # hand files that wait to the storage
    RECEIPT_WATCH = "receipt.watch"  # receipts the law asks for that are at risk, or late
    RECEIPT_WAIVE = "receipt.waive"  # say, with a motive, that one is not owed
    INBOUND_STORE = "inbound.store"  # keep what arrives, before anything is known of it
    INBOUND_SORT = "inbound.sort"  # say what becomes of what arrived
    WEBHOOK_MANAGE = "webhook.manage"  # whose machines are told of what, and again
    STYLE_VIEW = "style.view"
    SELF_EDIT = "self.edit"  # one's own password, keys and display


class Scope(StrEnum):
    """Which cases a grant reaches."""

    EVERY = "every"  # all of them
    COMMUNE = "commune"  # located in, or created by, a commune whose desk the agent keeps
    COMMUNAL = "communal"  # of those, the ones a service of that commune is competent for
    UNIT = "unit"  # entrusted to one of the agent's units
    NOWHERE = "nowhere"  # rights that bear on no case


P = Permission
_AGENT = {P.STYLE_VIEW, P.SELF_EDIT}
_DESK_WORK = {
    P.CASE_VIEW, P.CASE_CREATE, P.CASE_EDIT, P.CASE_NOTE, P.CASE_REOPEN, P.CASE_CANCEL, P.CASE_ASK,
    P.CONTACT_VIEW, P.CONTACT_EDIT, P.CASE_TALK, P.CASE_FOLLOW, P.CASE_RESTRICT, P.APPOINTMENT_BOOK,
    P.GUEST_ASK,
}  # fmt: skip
_CENTRE_WORK = {
    *_DESK_WORK,
    P.CASE_ROUTE,
    P.CASE_CLOSE,
    P.CASE_MERGE,
    P.LETTER_PRINT,
    P.CALLBACK_DO,
    P.CONTACT_MERGE,
}
_UNIT_WORK = {
    P.CASE_VIEW, P.CASE_NOTE, P.CASE_ACCEPT, P.CASE_ASK, P.CASE_BOUNCE, P.CASE_RESOLVE, P.CONTACT_REVEAL,
}  # fmt: skip
_ORDERS = {P.ORDER_VIEW, P.ORDER_DO}
_DOES_ORDERS = {*_ORDERS, P.ORDER_LEAD}
_LEADS_ORDERS = {*_DOES_ORDERS, P.ORDER_ASK}
_ROUNDS = {P.ROUND_MAKE, P.ROUND_VIEW}
_SUPERVISION = {*_CENTRE_WORK, *_UNIT_WORK, P.BOARD_VIEW, P.INCIDENT_DECLARE, P.ON_CALL_PLAN}
_SETTING_UP = {
    P.SECOND_FACTOR_RESET, P.STAFF_MANAGE, P.TERRITORY_LOAD, P.CATALOGUE_LOAD, P.ROUTING_LOAD, P.KEY_CREATE,
    P.DELIVERY_MANAGE,
    P.WEBHOOK_MANAGE, P.ROUTING_EDIT, P.ROUTING_VIEW, P.CALENDAR_MANAGE, P.CONTENT_EDIT, P.STAFF_VIEW,
    P.CONTENT_VIEW,
}  # fmt: skip

_LAW = {P.RECEIPT_WATCH, P.RECEIPT_WAIVE, P.INBOUND_STORE}
_LEADING = {P.OFF_SCRIPT_REVIEW, P.READING_VIEW, P.SECOND_FACTOR_RESET, P.SLOT_OPEN, P.STAFF_VIEW}
_LEADING_CASES = {P.CASE_COORDINATE, P.CASE_REDISPATCH, P.CASE_UNRESTRICT}

GRANTS: Mapping[str, Mapping[Scope, frozenset[Permission]]] = {
    "advisor": {
        Scope.EVERY: frozenset({*_CENTRE_WORK, P.ORDER_ASK, P.ORDER_VIEW}),
        Scope.NOWHERE: frozenset({*_AGENT, P.INBOUND_SORT, P.INBOUND_STORE, P.STAFF_VIEW}),
    },
    "desk_agent": {
        Scope.COMMUNE: frozenset({*_DESK_WORK, P.CALLBACK_DO, P.ORDER_VIEW}),
        Scope.COMMUNAL: frozenset(
            {P.CASE_ACCEPT, P.CASE_RESOLVE, P.CASE_CLOSE, P.CASE_MERGE, *_LEADS_ORDERS}
        ),
        Scope.NOWHERE: frozenset({*_AGENT, P.INBOUND_STORE, P.SLOT_OPEN}),  # letters brought to the counter
    },
    "team_lead": {
        Scope.UNIT: frozenset(
            {
                *_UNIT_WORK,
                *_LEADS_ORDERS,
                *_ROUNDS,
                P.BOARD_VIEW,
                P.CASE_FOLLOW,
                P.INCIDENT_DECLARE,
                P.ON_CALL_PLAN,
                P.APPOINTMENT_BOOK,
                P.GUEST_ASK,
            }
        ),
        Scope.NOWHERE: frozenset({*_AGENT, P.CASE_CREATE, P.SLOT_OPEN}),
    },
    "field_agent": {
        Scope.UNIT: frozenset({P.CASE_VIEW, P.CASE_NOTE, P.CASE_RESOLVE, *_ORDERS, P.ROUND_VIEW}),
        Scope.NOWHERE: frozenset(_AGENT),
    },
    "supervisor": {
        Scope.EVERY: frozenset({*_SUPERVISION, *_LEADING_CASES, *_LEADS_ORDERS, *_ROUNDS}),
        Scope.NOWHERE: frozenset(
            {
                *_AGENT,
                P.DELIVERY_MANAGE,
                P.WEBHOOK_MANAGE,
                P.INBOUND_SORT,
                P.ROUTING_VIEW,
                P.CONTENT_VIEW,
                *_LAW,
                *_LEADING,
            }
        ),
    },
    "config_admin": {Scope.NOWHERE: frozenset({*_AGENT, *_SETTING_UP})},
    # Not agents: the programme itself, a resident at their own page, a partner's machine.
    "system": {Scope.EVERY: frozenset(Permission), Scope.NOWHERE: frozenset(Permission)},
    "resident": {
        Scope.EVERY: frozenset({P.CASE_CREATE, P.CASE_FOLLOW_UP, P.CASE_REOPEN, P.CASE_FOLLOW}),
        Scope.NOWHERE: frozenset({P.CASE_CREATE, P.LOG_IN, P.SPACE_ENTER, P.CONTACT_OWN}),
    },
    # By a link: a voice on the one case it shows; a contractor works within its unit.
    "guest": {
        Scope.EVERY: frozenset({P.CASE_NOTE, P.CASE_REOPEN}),
        Scope.NOWHERE: frozenset({P.GUEST_ANSWER}),
    },
    "guest_worker": {
        Scope.UNIT: frozenset({*_UNIT_WORK, *_DOES_ORDERS} - {P.CONTACT_REVEAL, P.CASE_ASK}),
        Scope.NOWHERE: frozenset({P.GUEST_ANSWER}),
    },
    # One role for each scope of a key.
    "partner_read": {Scope.NOWHERE: frozenset({P.CASE_VIEW})},
    "partner_create": {Scope.NOWHERE: frozenset({P.CASE_CREATE})},
    "partner_update": {
        Scope.UNIT: frozenset({*_UNIT_WORK, *_DOES_ORDERS} - {P.CONTACT_REVEAL, P.CASE_ASK}),
        Scope.NOWHERE: frozenset({P.CASE_UPDATE}),
    },
}
AGENT_ROLES = ("advisor", "desk_agent", "team_lead", "field_agent", "supervisor", "config_admin")
