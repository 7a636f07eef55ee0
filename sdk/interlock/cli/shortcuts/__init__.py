"""The shortcuts that are not verbs of a noun too: ``search`` and ``login``."""
