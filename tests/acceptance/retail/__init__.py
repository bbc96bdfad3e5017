"""An independent pen: tickets made from a real shop's orders, what should come of each, and who looks."""
