"""The demande and its life."""

from crm.cases.actions.answer_way import (
    NewWay,
    ask_new_reach,
    change_answer_way,
    confirm_reach,
    new_reach_token,
)
from crm.cases.actions.calling_back import promise_call
from crm.cases.actions.centre_work import (
    Ending,
    ask_requester,
    cancel_case,
    close_case,
    note_on_case,
    reopen_case,
    reveal_contact,
    route_case,
)
from crm.cases.actions.conversation import (
    SPOKEN,
    answer_message,
    note_network_answer,
    remind_centre,
    set_message_aside,
    write_to_centre,
)
from crm.cases.actions.correcting import edit_case
from crm.cases.actions.field_work import forget_sent_forms, need_more, set_out
from crm.cases.actions.files import withdraw_case_file
from crm.cases.actions.following import (
    Followed,
    Following,
    follow_case,
    follower_adds,
    follower_contests,
    unfollow_case,
)
from crm.cases.actions.incidents import declare_incident, end_incident, propose_incident
from crm.cases.actions.leading_work import (
    announce_delay,
    entrust_colleague,
    give_cases_to,
    raise_priority,
)
from crm.cases.actions.loading import MOST_RETURNS
from crm.cases.actions.merging import Merging, merge_case, unmerge_case
from crm.cases.actions.opening import AlreadyRegistered, NewCase, Opened, open_case, opened, reserve_reference
from crm.cases.actions.partner_work import STATUSES, Heard, PartnerSays, hear_partner
from crm.cases.actions.recategorizing import Consequences, Correction, body_to_tell, consequences_of
from crm.cases.actions.receiving import Incoming, receive_message
from crm.cases.actions.referring import refer_case, take_back_referred
from crm.cases.actions.resident_work import add_precision, contest_case, give_place_again
from crm.cases.actions.undoing import Undone, undo_act
from crm.cases.actions.unit_work import (
    WorkReport,
    accept_case,
    await_partner,
    bounce_case,
    plan_case,
    resolve_case,
    resume_case,
    secure_case,
)
from crm.cases.assessment import Assessment, Place, Rulebook, Said, assess, to_locate
from crm.cases.events import (
    CallPromised,
    CaseAccepted,
    CaseAsked,
    CaseAwaitsPartner,
    CaseBounced,
    CaseCancelled,
    CaseClosed,
    CaseOpened,
    CasePlanned,
    CaseReferred,
    CaseRefused,
    CaseReopened,
    CaseReplied,
    CaseResolved,
    CaseResumed,
    CaseReturned,
    CaseRouted,
    CaseSecured,
    CaseUrgent,
    DangerSaid,
    DangerUnsaid,
)
from crm.cases.field_events import CaseDelayed
from crm.cases.following_facts import facts_within_reach
from crm.cases.lifecycle import STEPS, WITH_UNIT, CaseState, PublicStep, Step, public_step, steps_from
from crm.cases.lists.by_place import MOST_WALKED, PlacedLine, field_case, field_work, work_by_place
from crm.cases.lists.callbacks import calls_within_reach, letters_within_reach, make_call
from crm.cases.lists.commune import (
    GROUPS,
    LONGEST_LIST,
    CommuneLine,
    CommuneWeek,
    Part,
    commune_demands,
    commune_week,
    ended_count,
    ended_lately,
)
from crm.cases.lists.dispatching import ToPlace, cases_to_place, to_place_by_unit
from crm.cases.lists.exporting import ExportedLine, ListExported, export_list, exported_lines
from crm.cases.lists.pages import (
    ENDED,
    SORTS,
    WHOLE,
    ListFilters,
    Passed,
    list_count,
    list_page,
    list_references,
    passed_by,
)
from crm.cases.lists.public import Asked, PublicFact, PublicRow, public_cases, public_facts
from crm.cases.lists.reading_messages import ReachAsked, WrittenCase, cases_written_to, reach_asked
from crm.cases.lists.waiting_words import WRITTEN_TO
from crm.cases.lots.actions import MOST_IN_LOT, do_row, end_lot, refuse_row, start_lot
from crm.cases.lots.acts import DONE, LOT_ACTS, act_on_one, lot_needs, refused_for
from crm.cases.lots.events import LotEnded, LotStarted
from crm.cases.lots.queries import LotCard, LotLine, lot_lines, lots_of, one_lot
from crm.cases.models import RESTRICTED_SEEN, Case
from crm.cases.outcomes import NOT_CHOSEN, BounceReason, NoAnswerReason, Outcome, ReopenReason, choosable
from crm.cases.people.at_work import AtWork, WorkingAs, at_work, cut_off
from crm.cases.people.callers import KnownDemand, answered_before, demands_of_caller, usual_place
from crm.cases.people.mentions import (
    UNSEEN_MENTIONS,
    Addressee,
    MentionLine,
    Noted,
    WatchedCase,
    addressees,
    is_watched,
    meant_for,
    mentions_of,
    note_to,
    seen_by_me,
    unwatch_case,
    watch_case,
    watched_by,
)
from crm.cases.people.models import OffScript
from crm.cases.people.off_script import (
    OffScriptLine,
    look_at_step,
    looks_asked,
    make_rule,
    note_stepped_out,
    off_script_between,
    step_out,
)
from crm.cases.people.others import ContactRole, Other, keep_others, others_of
from crm.cases.people.own_demands import OwnDemand, own_demands
from crm.cases.people.readable_exchanges import readable_exchanges
from crm.cases.people.requesters import known_contacts, require_contact
from crm.cases.people.restricting import (
    BY_LAW,
    Charge,
    Restriction,
    RestrictionReason,
    lift_restriction,
    note_reading,
    restrict_case,
    restrict_worked_case,
    restricted_cases,
)
from crm.cases.people.usagers_demands import (
    demands_of_usager,
    followed_by_usager,
    open_outside,
    see_contact,
)
from crm.cases.queries import (
    COUNTED_UP_TO,
    VIEWS,
    CaseLine,
    Cursor,
    case_references,
    open_case_count,
    queue_counts,
    queue_page,
    reference_of_key,
)
from crm.cases.reference import Mistyped, make_reference, parse_reference, spoken
from crm.cases.reminders import last_word, may_ever_remind, reminder_from
from crm.cases.search.finding import (
    FoundCase,
    FoundCases,
    cases_by_references,
    search_cases,
    spoken_words,
)
from crm.cases.search.partial import possible_references
from crm.cases.search.reaches import cases_by_reach
from crm.cases.search.texts import fill_texts
from crm.cases.sheets import CaseSheet, case_by_id, case_by_token, one_case, tracked_case
from crm.cases.together.following_events import CaseFollowed, CaseMerged, CaseResembled, FollowersTold
from crm.cases.together.grid import cell_of, metres
from crm.cases.together.incidents import IncidentCard, incident_of
from crm.cases.together.nearby import MOST, Near, Sought, nearby, nearby_in_public, sought
from crm.cases.together.watching import (
    Duplicate,
    Follower,
    duplicates_of,
    followed_cases,
    follower_by_id,
    follower_by_token,
    followers,
    followers_from,
)
from crm.cases.usual_units import UsualUnit, usual_units

__all__ = [
    "BY_LAW", "COUNTED_UP_TO", "DONE", "ENDED", "GROUPS", "LONGEST_LIST", "LOT_ACTS", "MOST", "MOST_IN_LOT",
    "MOST_RETURNS", "MOST_WALKED", "NOT_CHOSEN", "RESTRICTED_SEEN", "SORTS", "SPOKEN", "STATUSES", "STEPS",
    "UNSEEN_MENTIONS", "VIEWS", "WHOLE", "WITH_UNIT", "WRITTEN_TO", "Addressee", "AlreadyRegistered",
    "Asked", "Assessment", "AtWork", "BounceReason", "CallPromised", "Case", "CaseAccepted", "CaseAsked",
    "CaseAwaitsPartner", "CaseBounced", "CaseCancelled", "CaseClosed", "CaseDelayed",
    "CaseFollowed",
    "CaseLine", "CaseMerged", "CaseOpened", "CasePlanned", "CaseReferred", "CaseRefused",
    "CaseReopened", "CaseReplied", "CaseResembled", "CaseResolved", "CaseResumed", "CaseReturned",
    "CaseRouted", "CaseSecured", "CaseSheet", "CaseState", "CaseUrgent", "Charge", "CommuneLine",
    "CommuneWeek",
    "Consequences", "ContactRole", "Correction", "Cursor", "DangerSaid", "DangerUnsaid",
    "Duplicate", "Ending",
    "ExportedLine", "Followed", "Follower", "FollowersTold", "Following", "FoundCase", "FoundCases",
    "Heard", "IncidentCard", "Incoming", "KnownDemand", "ListExported", "ListFilters", "LotCard",
    "LotEnded", "LotLine", "LotStarted", "MentionLine", "Merging", "Mistyped", "Near", "NewCase",
    "NewWay", "NoAnswerReason", "Noted", "OffScript", "OffScriptLine", "Opened", "Other", "Outcome",
    "OwnDemand", "Part", "PartnerSays", "Passed", "Place", "PlacedLine", "PublicFact", "PublicRow",
    "PublicStep", "ReachAsked", "ReopenReason", "Restriction", "RestrictionReason", "Rulebook", "Said",
    "Sought", "Step", "ToPlace", "Undone", "UsualUnit", "WatchedCase", "WorkReport", "WorkingAs",
    "WrittenCase",
    "accept_case", "act_on_one", "add_precision", "addressees", "announce_delay", "answer_message",
    "answered_before", "ask_new_reach", "ask_requester", "assess", "at_work", "await_partner",
    "body_to_tell", "bounce_case", "calls_within_reach", "cancel_case", "case_by_id", "case_by_token",
    "case_references",
    "cases_by_reach", "cases_by_references", "cases_to_place", "cases_written_to",
    "cell_of", "change_answer_way", "choosable", "close_case", "commune_demands", "commune_week",
    "confirm_reach", "consequences_of",
    "contest_case", "cut_off", "declare_incident", "demands_of_caller", "demands_of_usager",
    "do_row", "duplicates_of", "edit_case", "end_incident", "end_lot", "ended_count", "ended_lately",
    "entrust_colleague", "export_list", "exported_lines", "facts_within_reach", "field_case",
    "field_work", "fill_texts", "follow_case", "followed_by_usager", "followed_cases", "follower_adds",
    "follower_by_id", "follower_by_token", "follower_contests", "followers", "followers_from",
    "forget_sent_forms", "give_cases_to", "give_place_again", "hear_partner", "incident_of",
    "is_watched", "keep_others",
    "known_contacts", "last_word", "letters_within_reach", "lift_restriction", "list_count",
    "list_page", "list_references", "look_at_step", "looks_asked", "lot_lines", "lot_needs", "lots_of",
    "make_call", "make_reference", "make_rule", "may_ever_remind", "meant_for",
    "mentions_of",
    "merge_case",
    "metres", "nearby", "nearby_in_public", "need_more", "new_reach_token", "note_network_answer",
    "note_on_case", "note_reading", "note_stepped_out", "note_to", "off_script_between", "one_case",
    "one_lot", "open_case", "open_case_count", "open_outside", "opened", "others_of", "own_demands",
    "parse_reference",
    "passed_by", "plan_case", "possible_references", "promise_call", "propose_incident", "public_cases",
    "public_facts", "public_step", "queue_counts", "queue_page", "raise_priority", "reach_asked",
    "readable_exchanges", "receive_message", "refer_case", "reference_of_key", "refuse_row",
    "refused_for", "remind_centre", "reminder_from", "reopen_case", "require_contact",
    "reserve_reference", "resolve_case", "restrict_case", "restrict_worked_case", "restricted_cases",
    "resume_case",
    "reveal_contact", "route_case", "search_cases", "secure_case", "see_contact", "seen_by_me",
    "set_message_aside", "set_out", "sought", "spoken", "spoken_words", "start_lot",
    "step_out", "steps_from", "take_back_referred", "to_locate", "to_place_by_unit", "tracked_case",
    "undo_act", "unfollow_case", "unmerge_case", "unwatch_case", "usual_place", "usual_units",
    "watch_case", "watched_by", "withdraw_case_file", "work_by_place", "write_to_centre",
]  # fmt: skip
