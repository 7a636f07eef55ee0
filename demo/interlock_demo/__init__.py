"""A network of three banks on one machine, and the people who use it."""
