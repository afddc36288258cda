"""The pages on which one language of a topic is edited, linked, previewed and published."""
