"""Generated from proto/interlock/testing/v1 by `./dev generate`. Not edited by hand."""
