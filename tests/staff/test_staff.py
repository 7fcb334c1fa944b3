"""Who acts, who is competent, and the file that describes them."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from crm.foundation import ROOT, SYSTEM, Actor, Invalid, NotAllowed, Units
from crm.staff import (
    ACTOR,
    RoleGrant,
    Unit,
    UnitDirectory,
    actor_for,
    agent_names,
    close_unit,
    create_account,
    load_organizations,
    unit_card,
    units_for_choice,
)
from crm.staff import units as all_units
from tests.staff.organizations import two_organizations

DEMO = ROOT / "config" / "demo" / "organizations.toml"


def test_an_actor_is_read_in_one_statement_with_all_they_were_granted(units: Units) -> None:
    # given
    with units.begin(SYSTEM) as uow:
        ids = two_organizations(uow)
        agent_id = create_account(
            uow,
            email="paul.petit@rivebois.example",
            password="le marché de Noël",
            first_name="Paul",
            last_name="Petit",
            title="Chef d’équipe",
            organization_code="metropole",
            unit_code="voirie",
            grants=[
                RoleGrant("team_lead", unit_code="voirie"),
                RoleGrant("team_lead", unit_code="eclairage"),
                RoleGrant("desk_agent", insee="99002"),
            ],
        )
    # when
    with units.reading() as session:
        statements: list[str] = []
        sa.event.listen(
            session.connection(), "before_cursor_execute", lambda *said: statements.append(said[2])
        )
        found = actor_for(session, agent_id, 0)
    # then
    assert found is not None
    actor, card = found
    assert actor == Actor(
        kind="agent",
        id=agent_id,
        organization_id=actor.organization_id,
        roles=frozenset({"team_lead", "desk_agent"}),
        unit_ids=frozenset({ids["voirie"], ids["eclairage"]}),
        places=frozenset({"99002"}),
    )
    assert f"{card.name}, {card.title}" == "Paul Petit, Chef d’équipe"
    assert len([said for said in statements if said.startswith("SELECT")]) == 1


def test_an_agent_without_grant_has_no_right(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        two_organizations(uow)
        agent_id = create_account(
            uow,
            email="eva.roche@rivebois.example",
            password="le marché de Noël",
            first_name="Eva",
            last_name="Roche",
            organization_code="metropole",
            grants=[],
        )
        found = actor_for(uow.session, agent_id, 0)
        assert found is not None and not found[0].roles
        assert agent_names(uow.session, {agent_id, 0}) == {agent_id: "Eva Roche"}


def test_a_stale_session_and_a_stranger_are_nobody(units: Units) -> None:
    with units.reading() as session:
        assert actor_for(session, 1_000_000, 0) is None


def test_units_are_listed_like_a_dictionary_and_only_those_in_use_are_offered(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        ids = two_organizations(uow)
        uow.session.execute(sa.update(Unit).where(Unit.code == "voirie").values(is_active=False))
        assert [card.code for card in all_units(uow.session)] == ["eclairage", "voirie", "mairie-99002"]
        assert [choice.id for choice in units_for_choice(uow.session)] == [
            ids["eclairage"],
            ids["mairie-99002"],
        ]
        card = unit_card(uow.session, ids["voirie"])
        assert card is not None and not card.is_active and card.organization_name == "Métropole de Rivebois"
        assert unit_card(uow.session, 0) is None


def test_the_directory_reads_again_only_after_its_time(units: Units) -> None:
    seconds = [0.0]
    directory = UnitDirectory(ttl_seconds=10, ticks=lambda: seconds[0])
    with units.begin(SYSTEM) as uow:
        ids = two_organizations(uow)
        assert directory.cards(uow.session)[ids["voirie"]].is_active
        uow.session.execute(sa.update(Unit).values(is_active=False))
        seconds[0] = 9.9
        assert directory.cards(uow.session)[ids["voirie"]].is_active
        seconds[0] = 10
        assert not directory.cards(uow.session)[ids["voirie"]].is_active


def test_the_demonstration_has_forty_units_of_which_each_can_be_reached(units: Units) -> None:
    names = {f"{insee}": f"Commune {insee}" for insee in range(99001, 99025)}
    with units.begin(SYSTEM) as uow:
        organizations, count = load_organizations(uow, DEMO, names)
        cards = all_units(uow.session)
    assert count == len(cards) == 40
    assert organizations == len({card.organization_id for card in cards})
    assert {card.organization_kind for card in cards} >= {
        "metropole",
        "commune",
        "contractor",
        "concession",
        "state",
        "landlord",
    }
    assert all(card.address and card.phone and card.email for card in cards)
    assert {card.insee for card in cards if card.code.startswith("mairie-")} == set(names)
    assert [card.name for card in cards if card.code == "mairie-99007"] == ["Mairie de Commune 99007"]


def test_loading_twice_updates_and_doubles_nothing(units: Units, tmp_path: Path) -> None:
    path = tmp_path / "organizations.toml"
    text = """
        [[organization]]
        code = "metropole"
        kind = "metropole"
        name = "Métropole"
        [[organization.unit]]
        code = "voirie"
        name = "Voirie"
        address = "1 place"
        phone = "01 99 00 00 01"
        """
    with units.begin(SYSTEM) as uow:
        path.write_text(text, encoding="utf-8")
        load_organizations(uow, path)
        [first] = all_units(uow.session)
        path.write_text(text.replace("Voirie", "Rues et places"), encoding="utf-8")
        load_organizations(uow, path)
        [second] = all_units(uow.session)
    assert (first.id, second.name) == (second.id, "Rues et places")


def test_who_is_on_call_is_looked_up_in_an_index_since_every_page_asks(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        uow.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        asked = ACTOR.compile(uow.session.get_bind(), compile_kwargs={"render_postcompile": True})
        told = uow.session.connection().exec_driver_sql(
            f"EXPLAIN {asked}", {**asked.params, "agent_id": 1, "epoch": 1}
        )
        assert "Index Scan using ix_on_call_shifts_agent" in "\n".join(row[0] for row in told)


def test_what_a_file_does_not_say_of_a_unit_stays_as_it_was_put_on_screen(
    units: Units, tmp_path: Path
) -> None:
    told = "[[organization]]\ncode = 'o'\nkind = 'metropole'\nname = 'O'\n[[organization.unit]]\ncode = 'u'\n"
    told += "name = 'U'\naddress = '4 quai des Forges'\nphone = '01 99 00 00 02'\n"
    file, kept = tmp_path / "organizations.toml", []
    for hours in ("", "weekly_minutes = 2100\n", ""):
        file.write_text(told + hours, encoding="utf-8")
        with units.begin(SYSTEM) as uow:
            load_organizations(uow, file)
            [card] = all_units(uow.session)
            kept.append(card.weekly_minutes)
            if card.is_active:
                close_unit(uow, card.id, heir_id=None, motive="Réorganisation.")
    assert kept == [None, 2100, 2100]
    with units.begin(SYSTEM) as uow:
        load_organizations(uow, file)
        assert not all_units(uow.session)[0].is_active, "closed on screen, a file loaded again opens it not"


def test_every_mistake_of_the_file_is_told_at_once(units: Units, tmp_path: Path) -> None:
    path = tmp_path / "organizations.toml"
    path.write_text(
        """
        [[organization]]
        code = "metropole"
        kind = "metropole"
        name = "Métropole"
        [[organization.unit]]
        code = "voirie"
        name = "Voirie"
        [[organization.unit]]
        code = "voirie"
        name = "Voirie bis"
        address = "1 place"
        phone = "01 99 00 00 01"
        """,
        encoding="utf-8",
    )
    with units.begin(SYSTEM) as uow, pytest.raises(Invalid) as refused:
        load_organizations(uow, path)
    problems = refused.value.details["problems"]
    assert isinstance(problems, list) and len(problems) == 2


@pytest.mark.parametrize("text", [None, "[[", 'colour = "blue"'])
def test_a_file_that_makes_no_sense_is_refused(units: Units, tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "organizations.toml"
    if text:
        path.write_text(text, encoding="utf-8")
    with units.begin(SYSTEM) as uow, pytest.raises(Invalid):
        load_organizations(uow, path)


def test_only_who_manages_staff_may_load(units: Units) -> None:
    advisor = Actor(kind="agent", id=1, roles=frozenset({"advisor"}))
    with units.begin(advisor) as uow, pytest.raises(NotAllowed):
        load_organizations(uow, DEMO)
