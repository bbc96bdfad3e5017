"""Bringing a shop's files into the desk: read, checked as a whole, then inserted at once or not at all."""
