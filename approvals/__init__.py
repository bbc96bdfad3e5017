"""The gate: action kinds, plans, policy, decisions, execution and audit. Nothing happens but through here."""
