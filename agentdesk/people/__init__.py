"""Sign-in, roles and tokens."""
