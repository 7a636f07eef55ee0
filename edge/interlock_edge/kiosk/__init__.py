"""The kiosk: what the screen says in the person's language, and its page on loopback."""
