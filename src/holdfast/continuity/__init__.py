"""Going on when the core does not answer: the journal, the relay, names, health, status."""
