"""Roles: which rights go together, and who has which of them."""
