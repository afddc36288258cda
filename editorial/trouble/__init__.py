"""The pages of the desk for what goes wrong, in the design and the language of the desk."""
