"""The rules of the market, pure: no clock, no database, no request, no random."""
