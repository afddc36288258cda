"""The list of topics: what it shows, how it is narrowed down, taken away and worked on in bulk."""
