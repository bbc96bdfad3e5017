"""The tests: one file per verb, one cast (Rita, Max, Ada; Carla the customer, Otto the outsider)."""
