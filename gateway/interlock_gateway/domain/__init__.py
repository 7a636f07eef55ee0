"""What the network decides, as plain functions over plain values.

Nothing in here knows a clock, a socket, a database or a protobuf message: instants, random bytes and what is stored
come in as arguments, and what follows goes out as return values. The standard library and nothing else.

Read in this order:

- ``names``: resource names, one spelling each.
- ``errors``: every refusal, with its public reason.
"""
