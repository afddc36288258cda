"""Merging two topics into one: what goes along, what collides, and doing it."""
