"""Generated from proto/interlock/edge/v1 by `./dev generate`. Not edited by hand."""
