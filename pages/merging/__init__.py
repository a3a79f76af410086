"""One record takes the place of others: schools, topics."""
