"""What is kept: the event logs of sessions and the article library, in SQLite or PostgreSQL.

Only this package knows SQLAlchemy. It does not know what an interview is: it stores bodies as JSON and
hands them back.
"""
