"""What becomes due by the passing of time: found by reading, done by command, safe to repeat."""
