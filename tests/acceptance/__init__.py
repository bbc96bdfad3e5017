"""Whole journeys through the desk, judged from outside."""
