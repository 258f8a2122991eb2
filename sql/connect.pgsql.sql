-- SPDX-License-Identifier: Apache-2.0
--
-- What PostgreSQL alone is told and asked.

-- A server whose network is cut must not hold its locks for hours.
-- name: session
SET client_encoding = 'UTF8'; SET lock_timeout = '5s';
SET idle_in_transaction_session_timeout = '60s'; DEALLOCATE ALL;

-- name: begin
BEGIN ISOLATION LEVEL READ COMMITTED;

-- One server at a time makes or migrates the tables; "usage" in hexadecimal.
-- name: lock
SELECT pg_advisory_xact_lock(504446936933);

-- Whether the tables are there.
-- name: made
SELECT count(*) FROM pg_catalog.pg_class
WHERE relname = 'usage_schema' AND pg_catalog.pg_table_is_visible(oid);

-- No question of the dashboard may take longer; what comes after it on this
-- connection may.
-- name: hurry
SET statement_timeout = '10s';

-- name: unhurry
RESET statement_timeout;
