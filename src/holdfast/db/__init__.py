"""The database: its server, its roles, its schema, and how the rest of Holdfast speaks to it."""
