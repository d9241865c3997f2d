# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tables of the SQLite database, step by step."""

from __future__ import annotations

# Each step is run once, and is recorded in the same transaction (PRAGMA user_version). Add steps, change none.
# Instants are ISO 8601 in UTC with microseconds, so that they sort as text and can be read by people.
STEPS = (
    """
    CREATE TABLE sessions (
        session_id TEXT PRIMARY KEY, starts TEXT NOT NULL, ends TEXT NOT NULL, closes TEXT NOT NULL,
        expires TEXT NOT NULL, capacity INTEGER NOT NULL, status TEXT NOT NULL, revision INTEGER NOT NULL,
        snapshot_json TEXT NOT NULL, join_url TEXT,
        notice_kind TEXT, notice_recorded TEXT, notice_before TEXT, notice_to_waiting INTEGER, reminded TEXT,
        confirmed INTEGER NOT NULL DEFAULT 0 CHECK (confirmed >= 0),
        waiting INTEGER NOT NULL DEFAULT 0 CHECK (waiting >= 0),
        queue_number INTEGER NOT NULL DEFAULT 0, -- the last one that was drawn
        highest_erased INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX sessions_by_end ON sessions (ends);
    CREATE TABLE registrations (
        session_id TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE, registration_id TEXT NOT NULL,
        state TEXT NOT NULL, identity TEXT NOT NULL, email_hash TEXT NOT NULL,
        name TEXT NOT NULL, email TEXT NOT NULL, organization TEXT NOT NULL, role TEXT NOT NULL,
        language TEXT NOT NULL, needs TEXT NOT NULL, signed_up TEXT NOT NULL, since TEXT NOT NULL,
        queue_number INTEGER, link_generation INTEGER NOT NULL, bounced TEXT,
        PRIMARY KEY (session_id, registration_id)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX one_person_once ON registrations (session_id, identity) WHERE state <> 'cancelled';
    CREATE UNIQUE INDEX line ON registrations (session_id, queue_number) WHERE state = 'waitlisted';
    CREATE INDEX registrations_by_email ON registrations (email_hash);
    CREATE TABLE tallies (
        session_id TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE, email_hash TEXT NOT NULL,
        active INTEGER NOT NULL CHECK (active >= seats), seats INTEGER NOT NULL CHECK (seats >= 0),
        last INTEGER NOT NULL,
        PRIMARY KEY (session_id, email_hash)
    ) STRICT, WITHOUT ROWID;
    -- Without a reference: an email goes out although its session has been withdrawn.
    CREATE TABLE messages (
        session_id TEXT NOT NULL, email_hash TEXT NOT NULL, registration_id TEXT NOT NULL,
        kind TEXT NOT NULL, occasion TEXT NOT NULL, number INTEGER NOT NULL, method TEXT,
        name TEXT NOT NULL, email TEXT NOT NULL, language TEXT NOT NULL, state TEXT NOT NULL,
        recorded TEXT NOT NULL, snapshot_json TEXT NOT NULL, join_url TEXT, before_snapshot_json TEXT,
        link_generation INTEGER NOT NULL,
        due TEXT, lease TEXT, tried TEXT, sent TEXT, attempts INTEGER NOT NULL DEFAULT 0, problem TEXT,
        fault TEXT, unknown INTEGER NOT NULL DEFAULT 0, slow INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (session_id, email_hash, registration_id, kind, occasion)
    ) STRICT;
    CREATE INDEX messages_by_email ON messages (email_hash);
    CREATE INDEX messages_due ON messages (due) WHERE due IS NOT NULL;
    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    -- What limits count: a row for each time.
    CREATE TABLE hits (key TEXT NOT NULL, hit TEXT NOT NULL, expires TEXT NOT NULL) STRICT;
    CREATE INDEX hits_by_key ON hits (key, hit);
    """,
    """
    ALTER TABLE registrations ADD COLUMN changed_by TEXT NOT NULL DEFAULT 'person';
    ALTER TABLE messages ADD COLUMN changed_by TEXT NOT NULL DEFAULT 'person';
    ALTER TABLE messages ADD COLUMN place INTEGER;
    ALTER TABLE messages ADD COLUMN expires TEXT; -- of what an erasure has left
    """,
    """
    CREATE TABLE wishes (
        wish_id TEXT PRIMARY KEY, purpose TEXT NOT NULL, email TEXT NOT NULL, email_hash TEXT NOT NULL,
        language TEXT NOT NULL, recorded TEXT NOT NULL, expires TEXT NOT NULL, lease TEXT
    ) STRICT, WITHOUT ROWID;
    """,
    """
    ALTER TABLE registrations ADD COLUMN moved_to TEXT;
    ALTER TABLE registrations ADD COLUMN besides INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE registrations ADD COLUMN used_link INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE messages ADD COLUMN other_snapshot_json TEXT;
    ALTER TABLE messages ADD COLUMN besides INTEGER NOT NULL DEFAULT 0;
    """,
    """
    ALTER TABLE registrations ADD COLUMN attended INTEGER;
    ALTER TABLE registrations ADD COLUMN changed TEXT NOT NULL DEFAULT '';
    UPDATE registrations SET changed = since;
    CREATE TABLE trail (
        session_id TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE, entry_id TEXT NOT NULL,
        recorded TEXT NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL,
        registration_id TEXT, -- of what was done about one person; it goes with the registration
        PRIMARY KEY (session_id, entry_id),
        FOREIGN KEY (session_id, registration_id) REFERENCES registrations ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX trail_by_registration ON trail (session_id, registration_id);
    """,
    """
    ALTER TABLE sessions ADD COLUMN announcement_occasion TEXT;
    ALTER TABLE sessions ADD COLUMN announcement_recorded TEXT;
    ALTER TABLE sessions ADD COLUMN announcement_to TEXT;
    ALTER TABLE sessions ADD COLUMN announcement_subject_en TEXT;
    ALTER TABLE sessions ADD COLUMN announcement_text_en TEXT;
    ALTER TABLE sessions ADD COLUMN announcement_subject_es TEXT;
    ALTER TABLE sessions ADD COLUMN announcement_text_es TEXT;
    ALTER TABLE messages ADD COLUMN subject TEXT;
    ALTER TABLE messages ADD COLUMN body TEXT;
    CREATE TABLE staff (
        email_hash TEXT PRIMARY KEY,
        session_generation INTEGER NOT NULL DEFAULT 0, feed_generation INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    -- Without a reference: they stay when the session and its people go.
    CREATE TABLE counts (
        session_id TEXT PRIMARY KEY, training TEXT NOT NULL, starts TEXT NOT NULL, seats INTEGER NOT NULL,
        erased INTEGER NOT NULL, people_json TEXT NOT NULL, groups_json TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
)
