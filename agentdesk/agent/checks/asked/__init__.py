"""What the customer asked for, read a second time by rules: an action may be within every rule and still not be it."""
