"""Backtests: what a draft policy would have made of the actions of the last weeks, with the facts as judged then."""
