"""The schedule of what a person repeats."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drills",
        sa.Column("owner", sa.String(120), primary_key=True),
        sa.Column("question", sa.String(80), primary_key=True),
        sa.Column("checkpoint", sa.String(80), primary_key=True),
        sa.Column("due", sa.String(40), nullable=False),
        sa.Column("card", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("drills")
