"""The demo cell: a plan of Lisbon's market, made of data and a seed, which the seeder turns into commands."""
