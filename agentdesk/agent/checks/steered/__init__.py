"""Words meant for the machine: signs of it, each with a weight, that together say enough."""
