"""Outcomes in words, and dangers with a name that may be retired.

The words that were in the code are there from the first minute; a load of files, then screens, say otherwise. Versions
of dangers written before get the same names, or they could not be published again.
Safe while running: small tables, columns with a default; the process of before does not name them.
Undo: words published on screen and retirements are lost; a retired danger rings again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042_outcomes_on_screen"
down_revision = "0041_urgent"
branch_labels = None
depends_on = None

_OUTCOMES = (
    ("F", "Fait", "Done",
     "Le travail est fait.", "The work is done.",
     "", "", True),
    ("I", "Information donnée", "Information given",
     "Voici l’information que vous demandiez.", "Here is the information you asked for.",
     "Voici notre réponse.", "Here is our answer.", True),
    ("R", "Pas de suite favorable", "Request declined",
     "Nous ne pouvons pas donner de suite favorable.", "We cannot grant your request.",
     "", "", True),
    ("NC", "Rien constaté sur place", "Nothing found on site",
     "Notre équipe est passée sur place. Elle n’a rien constaté.", "Our team went to the place. It found nothing.",
     "", "", True),
    ("A", "Sans réponse de l’usager", "No reply from the resident",
     "Sans nouvelles de votre part, nous arrêtons le suivi de cette demande.", "As we have not heard from you, we have stopped following this request.",
     "Nous arrêtons le suivi de cette demande, faute de précisions.", "We have stopped following this request, for want of details.", True),
    ("P", "Programmé", "Scheduled",
     "Le travail est programmé.", "The work is scheduled.",
     "", "", False),
    ("D", "Rattaché à une demande existante", "Joined to an existing request",
     "Votre demande rejoint une demande déjà suivie sur le même sujet.", "Your request joins one that we were already following on the same subject.",
     "Cette demande rejoint une autre demande, déjà suivie.", "This request joins another one, already being followed.", False),
    ("PV", "Procédure engagée", "Formal procedure started",
     "Une procédure est engagée.", "Legal proceedings have been started.",
     "", "", False),
    ("FT", "Mis en sécurité", "Made safe",
     "Le danger est écarté. La réparation définitive est prévue.", "The danger has been removed. The final repair is planned.",
     "", "", False),
    ("T", "Transmis à un autre organisme", "Passed to another body",
     "Ce sujet dépend d’un autre organisme. Nous lui avons transmis votre demande.", "Another public body is in charge of this. We have passed your request on to it.",
     "Ce sujet dépend d’un autre organisme. Nous lui avons transmis la demande.", "Another public body is in charge of this. We have passed the request on to it.", False),
    ("X", "Annulé à la demande de l’usager", "Cancelled at the resident’s request",
     "Votre demande est annulée, comme vous l’avez souhaité.", "Your request is cancelled, as you wished.",
     "Cette demande est annulée.", "This request is cancelled.", False),
)  # fmt: skip
_COLUMNS = ("code", "label", "label_en", "sentence", "sentence_en", "followed", "followed_en", "for_any")
_DANGERS = {
    "112": ("Vie en danger", "Life in danger"),
    "GAZ": ("Fuite de gaz", "Gas leak"),
    "ELEC": ("Danger électrique", "Electrical danger"),
    "17": ("Agression ou violence", "Assault or violence"),
    "15": ("Urgence médicale", "Medical emergency"),
    "115": ("Personne sans abri", "Homeless person"),
    "AST": ("Intervention d’astreinte", "On-call crew needed"),
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    outcomes = op.create_table(
        "outcomes",
        sa.Column("code", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in _COLUMNS[1:-1]),
        sa.Column("for_any", sa.Boolean, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.CheckConstraint(
            "code IN ('F', 'FT', 'P', 'I', 'R', 'T', 'D', 'NC', 'PV', 'A', 'X')", name="code_known"
        ),
        sa.CheckConstraint("label <> '' AND sentence <> ''", name="said_in_french"),
    )
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in _OUTCOMES]
    op.bulk_insert(outcomes, [{**row, "position": at} for at, row in enumerate(rows, 1)])
    for column in ("label", "label_en"):
        op.add_column("dangers", sa.Column(column, sa.Text, nullable=False, server_default=""))
    op.add_column("dangers", sa.Column("is_active", sa.Boolean, nullable=False, server_default=sa.true()))
    _name_dangers()


def _name_dangers() -> None:
    """Those of a centre's own go by their code until somebody names them."""
    op.execute("UPDATE dangers SET label = code, label_en = code")
    op.execute(
        "UPDATE revisions SET content = content || jsonb_build_object("
        "'label', key, 'label_en', key, 'is_active', true) WHERE subject = 'danger'"
    )
    for code, (label, label_en) in _DANGERS.items():
        named = {"code": code, "label": label, "label_en": label_en}
        in_force = sa.text("UPDATE dangers SET label = :label, label_en = :label_en WHERE code = :code")
        versions = sa.text(
            "UPDATE revisions SET content = content || jsonb_build_object("
            "'label', CAST(:label AS text), 'label_en', CAST(:label_en AS text)) "
            "WHERE subject = 'danger' AND key = :code"
        )
        for statement in (in_force, versions):
            op.execute(statement.bindparams(**named))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("DELETE FROM revisions WHERE subject = 'outcome'")
    op.execute(
        "UPDATE revisions SET content = content - '{label,label_en,is_active}'::text[] WHERE subject = 'danger'"
    )
    for column in ("is_active", "label_en", "label"):
        op.drop_column("dangers", column)
    op.drop_table("outcomes")
