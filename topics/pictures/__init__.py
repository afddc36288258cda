"""Pictures of topics: taken in, written in several sizes, shown, and given out."""
