"""Thinking: model clients, the loop, tools and their schemas. No rows, no clock, no Django in the loop."""
