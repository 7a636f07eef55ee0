"""Lock boards: the port that every driver fills, and the simulated bank."""
