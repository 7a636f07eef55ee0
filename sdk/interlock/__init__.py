"""The open network for parcel lockers: clients, tokens, receipts and the generated protocol."""
