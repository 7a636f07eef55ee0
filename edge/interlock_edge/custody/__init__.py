"""What is held for whom: the values that the verdict, the doors and the journal share.

Plain frozen values and nothing else: no clock, no file, no wire format. Instants are unix seconds of the bank's own
clock (``_time``), readings of its monotonic clock are milliseconds (``_ms``).
"""
