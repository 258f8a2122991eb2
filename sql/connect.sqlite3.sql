-- SPDX-License-Identifier: Apache-2.0
--
-- What SQLite alone is told and asked.

-- Readers never wait for the flusher (WAL). A commit is on the disk when it
-- returns (FULL), so that a power cut costs one flush interval and no more.
-- The last statement must return no row.
-- name: session
PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 500; PRAGMA synchronous = FULL;

-- The lock to write is taken at once: one that is got later can deadlock.
-- name: begin
BEGIN IMMEDIATE;

-- Whether the tables are there.
-- name: made
SELECT count(*) FROM sqlite_master WHERE name = 'usage_schema';
