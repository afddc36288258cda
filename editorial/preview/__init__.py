"""A topic as the public will see it, for editors and for whoever has a private link."""
