"""The desk: people, customers, orders, tickets, messages and knowledge, with or without an agent."""
