"""Remembering: the durable life of a run, its events, its socket."""
