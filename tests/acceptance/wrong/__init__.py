"""Plans that the rules accept and nobody asked for: a shop, letters to it, right plans, and ways to get them wrong."""
