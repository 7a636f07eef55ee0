"""What a bank keeps on disk: facts, ledger, tenancies, what it was told. One SQLite file, durable at every commit."""
