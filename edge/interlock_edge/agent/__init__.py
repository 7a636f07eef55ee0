"""The agent: everything of a bank that runs. One loop, one journal, one attendant; link and kiosk hang on it."""
