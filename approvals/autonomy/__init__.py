"""Earned autonomy: what ran by itself is sampled, measured, taken back when it drifts, and suggested for more."""
