"""The journal's tables (EVD-20). Older agents read newer files: columns and tables are only ever added."""

from typing import Final

VERSION: Final = 1
APPLICATION_ID: Final = 0x494C4A31  # "ILJ1", in the file's header (SQLite file format, section 1.3)

TABLES: Final = """
-- One row: what this journal is.
CREATE TABLE journal (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    journal_id TEXT NOT NULL
) STRICT;

-- The three lanes: numbers are gapless in each and never given twice, whatever is deleted.
CREATE TABLE lane (
    lane TEXT PRIMARY KEY,
    last INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL,
    head BLOB NOT NULL,             -- chain hash after `last`; empty where nothing is chained
    pruned INTEGER NOT NULL,        -- last number deleted
    pruned_head BLOB NOT NULL       -- chain hash after `pruned`
) STRICT;

-- Facts, each in the bytes in which it travels.
CREATE TABLE fact (
    lane TEXT NOT NULL,
    number INTEGER NOT NULL,
    time INTEGER NOT NULL,          -- unix seconds, the bank's own clock
    kind TEXT NOT NULL,
    reservation TEXT NOT NULL,      -- for hand-overs alone: the thread of a reservation's receipts
    bytes BLOB NOT NULL,
    hash BLOB NOT NULL,
    receipt TEXT NOT NULL,          -- compact JWS, or empty
    PRIMARY KEY (lane, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX fact_of_reservation ON fact (reservation, number) WHERE reservation <> '';

CREATE TABLE ledger (
    subject TEXT NOT NULL,
    act TEXT NOT NULL,
    state TEXT NOT NULL,
    series INTEGER NOT NULL,
    compartment TEXT NOT NULL,
    parcels TEXT NOT NULL,          -- JSON list of numbers
    reopening INTEGER NOT NULL,
    pulses INTEGER NOT NULL,
    first_pulse_time INTEGER NOT NULL,
    opened_time INTEGER NOT NULL,
    closed_time INTEGER NOT NULL,
    grace_until INTEGER NOT NULL,
    recovered_time INTEGER NOT NULL,
    form TEXT NOT NULL,
    jti TEXT NOT NULL,
    session TEXT NOT NULL,
    command TEXT NOT NULL,
    presence TEXT NOT NULL,
    from_token_alone INTEGER NOT NULL,
    terms TEXT NOT NULL,            -- JSON, or empty
    headroom_class TEXT NOT NULL,   -- or empty
    headroom_number INTEGER NOT NULL,
    keep_until INTEGER NOT NULL,
    PRIMARY KEY (subject, act)
) STRICT, WITHOUT ROWID;

CREATE TABLE tenancy (
    reservation TEXT PRIMARY KEY,
    compartment TEXT NOT NULL,
    parcels TEXT NOT NULL,          -- JSON list of numbers; empty once all are taken
    expected INTEGER NOT NULL,
    deposited_time INTEGER NOT NULL,
    collect_until INTEGER NOT NULL,
    collect_series INTEGER NOT NULL,
    pins TEXT NOT NULL,             -- JSON
    collector_group TEXT NOT NULL,
    recall_requested INTEGER NOT NULL,
    grace_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE door (
    label TEXT PRIMARY KEY,
    withdrawn TEXT NOT NULL,        -- reason, or empty
    pulses INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE opening (time INTEGER NOT NULL, remote INTEGER NOT NULL) STRICT;

CREATE TABLE command_result (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    command TEXT NOT NULL UNIQUE,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    compartment TEXT NOT NULL
) STRICT;

-- What the gateway told: one row a reservation, one a document, as they came.
CREATE TABLE manifest_entry (reservation TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE document (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- Single values that must survive: the clock, the link's epoch, lock-outs of the keypads.
CREATE TABLE kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""
