"""Batches: waiting actions decided together, as queries, and which of them stand out."""
