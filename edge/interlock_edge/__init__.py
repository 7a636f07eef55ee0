"""The agent of one bank: verdicts, doors, journal and link."""
