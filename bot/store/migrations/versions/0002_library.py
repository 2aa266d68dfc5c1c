"""The article library: what was read, how it was cut, its vectors, what was dropped and overruled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _article(primary: bool = True) -> sa.Column[str]:
    key = sa.ForeignKey("library_articles.id", ondelete="CASCADE", onupdate="CASCADE")
    return sa.Column("article", sa.String(160), key, primary_key=primary)


def upgrade() -> None:
    op.create_table(
        "library_articles",
        sa.Column("id", sa.String(160), primary_key=True),
        sa.Column("root", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("form", sa.String(20), nullable=False),
        sa.Column("encoding", sa.String(40), nullable=False),
        sa.Column("raw_hash", sa.String(64), nullable=False, index=True),
        sa.Column("text_hash", sa.String(64), nullable=False, index=True),
        sa.Column("pipeline", sa.String(80), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("meta", sa.Text, nullable=False),
        sa.Column("notices", sa.Text, nullable=False),
        sa.Column("flagged", sa.Boolean, nullable=False),
        sa.Column("sketch", sa.LargeBinary, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("mtime", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("root", "source"),
    )
    op.create_table(
        "library_paragraphs",
        _article(),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("section", sa.Text, nullable=False),
    )
    op.create_table(
        "library_chunks",
        _article(),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("section", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, index=True),
    )
    op.create_table(
        "library_vectors",
        sa.Column("embedder", sa.String(120), primary_key=True),
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "library_dropped",
        _article(),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("why", sa.String(80), nullable=False),
    )
    op.create_table(
        "library_overrides",
        sa.Column("root", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("line", sa.String(64), primary_key=True),
        sa.Column("keep", sa.Boolean, nullable=False),
    )
    op.create_table(
        "library_state",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def downgrade() -> None:
    for name in ("state", "overrides", "dropped", "vectors", "chunks", "paragraphs", "articles"):
        op.drop_table(f"library_{name}")
