"""Providers on loopback: what speaks their wire formats, and the tests that meet it."""
