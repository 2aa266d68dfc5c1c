"""What people read about their practice: one report of a session, charts, progress over sessions, drills.

Projections only: everything here is computed from the log's state (`bot.domain.session`) and never stored,
but for the schedule of the drills. Nothing here knows a page, a server or a database.
"""
