"""What happens in the demonstration: chapters of small steps, each by somebody, and what the network tells of them."""
