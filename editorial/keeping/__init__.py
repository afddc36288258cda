"""Nobody's text is lost: two people at once, a session that ended, a browser that was closed."""
