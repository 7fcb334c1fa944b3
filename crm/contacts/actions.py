"""Keeping contacts. Nobody is ever merged with anybody here: a person chooses, or a new contact is made."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from crm.access import Permission, require
from crm.contacts import names
from crm.contacts.events import ContactCreated, ContactEdited
from crm.contacts.given import Checked, NewContact, check
from crm.contacts.models import Contact, ContactLink, ContactPoint, FormerPoint
from crm.contacts.points import recount_shared
from crm.contacts.queries import current_contact
from crm.foundation import Conflict, Invalid, NotFound, UnitOfWork

# One statement for a contact and every way to reach them: this stands on the path of each new case.
# A point that exists and is not linked to this contact belongs to somebody else: it becomes shared.
# Rows are taken in one order, so that two callers with the same points cannot wait for each other.
_LINK_POINTS = """
given AS (
  SELECT g.kind, g.value, g.raw
  FROM unnest(CAST(:kinds AS text[]), CAST(:values AS text[]), CAST(:raws AS text[])) AS g(kind, value, raw)
  WHERE NOT EXISTS (
    SELECT FROM contact_points p JOIN contact_links l ON l.point_id = p.id
    WHERE p.kind = g.kind AND p.value = g.value AND l.contact_id = CAST(:known_id AS bigint))
), points AS (
  INSERT INTO contact_points (kind, value) SELECT kind, value FROM given ORDER BY kind, value
  ON CONFLICT (kind, value) DO UPDATE SET is_shared = true
  RETURNING id, kind, value
), links AS (
  INSERT INTO contact_links (contact_id, point_id, raw)
  SELECT who.id, points.id, given.raw FROM who, points JOIN given USING (kind, value)
  ON CONFLICT (contact_id, point_id) DO NOTHING
  RETURNING point_id
)
SELECT who.id, (SELECT count(*) FROM links) AS added FROM who
"""
_NEW = sa.text(
    """
    WITH who AS (
      INSERT INTO contacts (kind, family_name, first_name, organization_name, name_folded, search,
                            preferred_channel, language, created_at)
      VALUES (:kind, :family_name, :first_name, :organization_name, :name_folded,
              array_to_tsvector(CAST(:lexemes AS text[])), :preferred_channel, :language, :now)
      RETURNING id
    ), """  # noqa: S608 — both halves are ours; every value is a parameter
    + _LINK_POINTS
)
# A contact being merged is waited for; one that was merged is not found, and the other one serves.
_KNOWN = sa.text(
    "WITH who AS MATERIALIZED (SELECT id FROM contacts WHERE id = :known_id AND merged_into_id IS NULL"  # noqa: S608
    " FOR SHARE), " + _LINK_POINTS
)


def find_or_create_contact(uow: UnitOfWork, given: NewContact, *, contact_id: int | None = None) -> int:
    """The contact's id: the one a person chose, with any new way to reach them, or a new one.

    A number or a name that others have too never decides who somebody is.

    Raises:
        Invalid: names each wrong field.
        NotFound: the chosen contact does not exist.
    """
    require(uow.actor, Permission.CASE_CREATE if contact_id is None else Permission.CONTACT_EDIT)
    told = check(given, known=contact_id is not None)
    if contact_id is None:
        row = uow.session.execute(_NEW, {**_columns(told), **_points(told), "known_id": None, "now": uow.now})
        created: int = row.one().id
        uow.record(ContactCreated(subject_id=created))
        return created
    try:
        added = _add_points(uow, contact_id, told)
    except NotFound:
        contact_id = current_contact(uow.session, contact_id)  # merged since the page was opened
        added = _add_points(uow, contact_id, told)
    if added:
        uow.record(ContactEdited(subject_id=contact_id, points_added=added))
    return contact_id


def withdraw_point(uow: UnitOfWork, contact_id: int, point_id: int) -> None:
    """It is not theirs any more.

    Raises:
        NotFound: the contact has no such point.
    """
    require(uow.actor, Permission.CONTACT_EDIT)
    if not _drop_points(uow, contact_id, [point_id]):
        raise NotFound(point=point_id)
    uow.record(ContactEdited(subject_id=contact_id, points_dropped=1))


def correct_name(uow: UnitOfWork, contact_id: int, given: NewContact, *, seen_version: int) -> None:
    """A name misheard, or changed. Ways to reach them and wishes stay, whatever `given` says of them.

    Raises:
        Invalid: no name is left.
        NotFound: no such contact.
        Conflict: somebody corrected it since the agent saw `seen_version`.
    """
    require(uow.actor, Permission.CONTACT_EDIT)
    told = check(given, known=True)
    if not (told.family_name or told.first_name or told.organization_name):
        raise Invalid({"family_name": "required"})
    search = sa.func.array_to_tsvector(sa.cast(_lexemes(told), sa.ARRAY(sa.Text())))
    found = uow.session.execute(
        sa.update(Contact)
        .where(Contact.id == contact_id, Contact.version == seen_version)
        .values({**_names(told), "search": search, "version": Contact.version + 1})
        .returning(Contact.id)
    ).one_or_none()
    if found is None:
        current = uow.session.scalar(sa.select(Contact.version).where(Contact.id == contact_id))
        raise NotFound() if current is None else Conflict(seen=seen_version, current=current)
    uow.record(ContactEdited(subject_id=contact_id))


def _add_points(uow: UnitOfWork, contact_id: int, told: Checked) -> int:
    row = uow.session.execute(_KNOWN, {**_points(told), "known_id": contact_id}).one_or_none()
    if row is None:
        raise NotFound()
    return int(row.added)


def _drop_points(uow: UnitOfWork, contact_id: int, point_ids: Sequence[int]) -> int:
    """Unlink, then forget the points nobody has any more: an old number finds nobody, a sheet tells of it."""
    if not point_ids:
        return 0
    mine = sa.and_(ContactLink.contact_id == contact_id, ContactLink.point_id.in_(point_ids))
    _keep_in_history(uow, mine)
    removed = uow.session.scalars(sa.delete(ContactLink).where(mine).returning(ContactLink.point_id)).all()
    # Locked first: whoever is giving this number to another contact finishes before we count.
    those = ContactPoint.id.in_(removed)
    uow.session.execute(sa.select(ContactPoint.id).where(those).order_by(ContactPoint.id).with_for_update())
    links = sa.select(sa.func.count()).where(ContactLink.point_id == ContactPoint.id).scalar_subquery()
    gone = sa.delete(ContactPoint).where(those, links == 0)
    uow.session.execute(gone.execution_options(synchronize_session=False))
    recount_shared(uow, removed)
    return len(removed)


def _keep_in_history(uow: UnitOfWork, mine: sa.ColumnElement[bool]) -> None:
    """What leaves the sheet is still told there: a case may have been answered at that address."""
    by_agent = uow.actor.id if uow.actor.kind == "agent" else None
    leaving = (
        sa.select(
            ContactLink.contact_id, ContactPoint.kind, ContactLink.raw, ContactLink.verified_at.is_not(None),
            sa.literal(uow.now), sa.literal(by_agent, sa.BigInteger),
        )
        .join(ContactPoint, ContactPoint.id == ContactLink.point_id)
        .where(mine)
    )  # fmt: skip
    columns = ["contact_id", "kind", "raw", "was_verified", "withdrawn_at", "withdrawn_by_id"]
    uow.session.execute(sa.insert(FormerPoint).from_select(columns, leaving))


def _columns(told: Checked) -> dict[str, object]:
    return _names(told) | {
        "kind": told.kind,
        "lexemes": _lexemes(told),
        "preferred_channel": told.preferred_channel,
        "language": told.language,
    }


def _names(told: Checked) -> dict[str, object]:
    return {
        "family_name": told.family_name,
        "first_name": told.first_name,
        "organization_name": told.organization_name,
        "name_folded": names.folded((told.first_name, told.family_name, told.organization_name)),
    }


def _lexemes(told: Checked) -> list[str]:
    return names.lexemes(told.first_name, told.family_name, told.organization_name)


def _points(told: Checked) -> dict[str, list[str]]:
    return {
        "kinds": [point.kind for point in told.points],
        "values": [point.value for point in told.points],
        "raws": [point.raw for point in told.points],
    }
