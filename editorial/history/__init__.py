"""What was published: every edition, two of them compared, one restored, the page of a day."""
