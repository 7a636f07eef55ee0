"""The embedded database: SQLite in WAL mode, one thread that writes, a few that read.

``schema`` opens and migrates a file, or says in a sentence why not. ``shelf`` is what the committer loads from and
writes to. ``readers`` runs the queries of whoever answers a read.
"""
