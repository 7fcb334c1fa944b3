"""Usagers, within reach; each sheet that a machine opens is noted, as for people."""

from __future__ import annotations

from crm.access import Permission, everywhere, require
from crm.api.v1.operations import Asking, Operation, Reply, offers
from crm.api.v1.shapes import said
from crm.api.v1.work_shapes import Contact, ContactHit, ContactHits, ContactQuery, Point
from crm.cases import known_contacts, require_contact, see_contact
from crm.contacts import contact_card, search_contacts
from crm.foundation import NotFound
from crm.http import reading, unit_of_work

_LOOKED_AT = 60  # a desk knows few of those who match: more are looked at to show as many
_LARGEST = 2**53  # beyond, a machine's numbers are no longer exact


@offers(
    Operation(
        name="searchContacts",
        method="POST",
        path="/contacts/search",
        summary="Usagers that the token may know, the likeliest first.",
        scope="read",
        body=ContactQuery,
        answer=ContactHits,
        refusals=(403,),
    )
)
def search(asking: Asking) -> Reply:
    actor, given = asking.caller.actor, asking.body
    require(actor, Permission.CONTACT_VIEW)
    whole = everywhere(actor, Permission.CONTACT_VIEW)
    with reading() as session:
        hits = search_contacts(session, given.q, limit=given.limit if whole else _LOOKED_AT)
        known = known_contacts(session, actor, [hit.id for hit in hits])
    found = [hit for hit in hits if hit.id in known][: given.limit]
    return Reply(
        ContactHits(
            items=[
                ContactHit(
                    id=hit.id,
                    display_name=hit.display_name,
                    phone=hit.phone,
                    email=hit.email,
                    postcode=hit.postcode,
                    commune=hit.commune,
                    match=hit.match,
                    certainty=hit.certainty,
                )
                for hit in found
            ]
        )
    )


@offers(
    Operation(
        name="readContact",
        method="GET",
        path="/contacts/<int:contact_id>",
        summary="One usager that the token may know. The reading is noted.",
        scope="read",
        answer=Contact,
        refusals=(403, 404),
    )
)
def read_contact(asking: Asking, contact_id: int) -> Reply:
    actor = asking.caller.actor
    require(actor, Permission.CONTACT_VIEW)
    if contact_id >= _LARGEST:
        raise NotFound(contact=contact_id)
    with reading() as session:
        require_contact(session, actor, contact_id)
        card = contact_card(session, contact_id)
    with unit_of_work(actor) as uow:
        see_contact(uow, contact_id, "api")
    points = [
        Point(
            kind=point.kind,
            value=point.value,
            display=point.display,
            is_shared=point.is_shared,
            is_verified=point.is_verified,
        )
        for point in card.points
    ]
    return Reply(
        Contact(
            id=card.id,
            kind=card.kind,
            display_name=card.display_name,
            family_name=card.family_name,
            first_name=card.first_name,
            organization_name=card.organization_name,
            preferred_channel=card.preferred_channel,
            language=card.language,
            created_at=said(card.created_at),
            points=points,
        )
    )
