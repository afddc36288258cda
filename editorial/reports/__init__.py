"""“Report a problem with this page”: a form for readers, whose answers editors find in the admin."""
