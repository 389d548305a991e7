"""Attempts: hints, gradings and outcomes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "sources",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("mtime", sa.Integer, nullable=False),
        sa.Column("inode", sa.Integer, nullable=False),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("lab", sa.String, nullable=False),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("started", sa.String, nullable=False),
        sa.Column("last", sa.String, nullable=False),
        sa.Column("ended", sa.Boolean, nullable=False),
        sa.Column("solution", sa.String),
    )
    op.create_table(
        "attempt_skills",
        sa.Column("attempt", sa.String, sa.ForeignKey("attempts.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("skill", sa.String, primary_key=True),
    )
    op.create_table(
        "hints",
        sa.Column("attempt", sa.String, sa.ForeignKey("attempts.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("task", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
    )
    op.create_table(
        "checks",
        sa.Column("attempt", sa.String, sa.ForeignKey("attempts.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("day", sa.String, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("whole", sa.Boolean, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("verdict", sa.String),
        sa.Column("hints", sa.Integer, nullable=False),
        sa.Column("solved", sa.Boolean, nullable=False),
    )
    op.create_table(
        "results",
        sa.Column("attempt", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("task", sa.String, primary_key=True),
        sa.Column("outcome", sa.String, nullable=False),
        sa.ForeignKeyConstraint(["attempt", "number"], ["checks.attempt", "checks.number"], ondelete="CASCADE"),
    )
