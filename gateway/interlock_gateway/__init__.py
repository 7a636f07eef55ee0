"""The gateway: keeps the promises of a network of parcel lockers."""
