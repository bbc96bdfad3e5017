"""Small named checks of what comes in, what is drafted and what is asked for. Pure: values in, findings out."""
