"""The one path of every write: intake, prefetch, decide, evolve, persist, append, commit."""
