"""A bank with simulated doors and hands, for development, demonstrations and tests. No production agent leads here."""
