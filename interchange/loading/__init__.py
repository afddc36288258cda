"""The steps of an import: spool the file, plan, match, merge, apply, report. sync.py calls them."""
