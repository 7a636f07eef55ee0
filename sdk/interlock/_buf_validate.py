"""Stands where generated code expects `buf.validate.validate_pb2`: the contract's validation rules, as options.

Every generated file of ours names `buf/validate/validate.proto` as a dependency, so the descriptor pool of the process
must know that file first. No package may bring a second, different copy into the pool: it would refuse. So whoever is
here already is used, and only where there is nobody our own copy goes in. Validation itself (package `protovalidate`)
is not needed to import a stub.

Source: `buf/validate/validate.proto`, github.com/bufbuild/protovalidate 1.2.2, Apache-2.0.
"""

import importlib
from pathlib import Path

# The first four are imported to be in the pool: the rules' file builds on them.
from google.protobuf import descriptor_pb2, descriptor_pool, duration_pb2, field_mask_pb2, timestamp_pb2  # noqa: F401
from google.protobuf.descriptor import FileDescriptor

_FILE = "buf/validate/validate.proto"
_GENERATED = "buf.validate.validate_pb2"


def _load() -> FileDescriptor:
    """Return the rules' descriptor from the default pool, having seen to it that it is there."""
    pool = descriptor_pool.Default()
    try:
        return pool.FindFileByName(_FILE)
    except KeyError:
        pass
    try:
        # An application's own generated copy, or that of protovalidate before 2.0. If it came after ours, it would
        # collide; so it comes first.
        importlib.import_module(_GENERATED)
    except ModuleNotFoundError:
        pool.AddSerializedFile(Path(__file__).with_suffix(".binpb").read_bytes())
    return pool.FindFileByName(_FILE)


DESCRIPTOR = _load()
