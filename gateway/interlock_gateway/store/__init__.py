"""Where the network's state is kept. ``rows`` maps values to tables, ``sqlite`` is the embedded database."""
