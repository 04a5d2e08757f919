"""What each command leads to, by noun: events, or the first refusal."""
