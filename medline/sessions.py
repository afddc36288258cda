"""Sessions in the database, where no cookie that a stranger writes can upset anything."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Asks the database only for keys that could be ours: letters and digits of ASCII.

    PostgreSQL refuses a text with a NUL, which a quoted cookie can hold.
    """

    def _validate_session_key(self, key):
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()
