"""What each event makes of the rows, by noun."""
