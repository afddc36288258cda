"""What happens to editions besides being published now: shared things, dates, the past, differences."""
