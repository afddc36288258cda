"""Finished public pages, kept in front of Django for as long as the generation stands.

front.py answers requests; primary.py asks the database for the generation, with a deadline;
store.py and shared.py hold pages, in this process and in Redis; page.py is one of them.
docs/adr/0012 says what is promised and why.
"""
