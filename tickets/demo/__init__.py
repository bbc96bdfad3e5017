"""The demo shop: customers, catalogue, orders, help articles and tickets, all of our own making."""
