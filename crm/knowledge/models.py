"""Reply templates and short texts, as the centre keeps and edits them."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base
from crm.knowledge.templates import CHANNELS, MESSAGES, TRANSLATIONS


class ReplyTemplateRow(Base):
    """One text for one use. Retired rather than deleted. An empty use (NULL) fits any."""

    __tablename__ = "reply_templates"
    __table_args__ = (
        sa.CheckConstraint(f"message IN {MESSAGES}", name="message_known"),
        sa.CheckConstraint(f"channel IS NULL OR channel IN {CHANNELS}", name="channel_known"),
        sa.CheckConstraint(f"language IN {('', *TRANSLATIONS)}", name="language_known"),
        sa.CheckConstraint(r"subject !~ '[\r\n]'", name="subject_one_line"),
        # Two texts for the same use would leave the choice to chance.
        sa.Index(
            "uq_reply_templates_use",
            "message", "outcome", "domain_code", "category_code", "channel", "language",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=sa.text("is_active"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    message: Mapped[str]
    outcome: Mapped[str | None]
    domain_code: Mapped[str | None] = mapped_column(sa.ForeignKey("domains.code"))
    category_code: Mapped[str | None] = mapped_column(sa.ForeignKey("categories.code"))
    channel: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="", server_default="")  # of a translation
    subject: Mapped[str]
    body: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())


class SnippetRow(Base):
    """Words for calls and answers; retired rather than deleted. Without a subject, for any demand."""

    __tablename__ = "snippets"
    __table_args__ = (sa.CheckConstraint("category_code IS NULL OR domain_code IS NULL", name="one_subject"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    words: Mapped[str]
    category_code: Mapped[str | None] = mapped_column(sa.ForeignKey("categories.code"))
    domain_code: Mapped[str | None] = mapped_column(sa.ForeignKey("domains.code"))
    until: Mapped[date | None]  # the last day it is shown
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
