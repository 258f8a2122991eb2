-- SPDX-License-Identifier: Apache-2.0
--
-- What SQLite alone is told and asked.

-- What keeping deletes can be given back to the file system: it is so of a file
-- that is made after this is said, and of no other.
-- name: create
PRAGMA auto_vacuum = INCREMENTAL;

-- Readers never wait for the flusher (WAL). A commit is on the disk when it
-- returns (FULL), so that a power cut costs one flush interval and no more.
-- A large flush has 64 MiB to sort its pages in before it writes them. The last
-- statement must return no row.
-- name: session
PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 500; PRAGMA synchronous = FULL;
PRAGMA cache_size = -65536;

-- The lock to write is taken at once: one that is got later can deadlock.
-- name: begin
BEGIN IMMEDIATE;

-- Whether the tables are there.
-- name: made
SELECT count(*) FROM sqlite_master WHERE name = 'usage_schema';
