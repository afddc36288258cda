"""What the public pages show, as finished values for the templates."""
