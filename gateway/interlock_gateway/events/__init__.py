"""The event log: read by cursor, followed without asking again and again.

Embedded, the outbox table is the log. An event is written in the transaction of the change that caused it, by the one
writer there is, which gives it its position in the same statement; so positions have no gaps and their order is the
order of commits (docs/decisions/0050). Whoever reads gets domain events and the views that are theirs; the contract's
bytes are made at the rim.
"""
