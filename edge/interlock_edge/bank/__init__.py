"""The doors of one bank: a pure state machine. ``step(state, input, now) -> (state, effects)``."""
