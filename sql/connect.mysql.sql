-- SPDX-License-Identifier: Apache-2.0
--
-- What MariaDB and MySQL alone are told and asked, one statement at a time.

-- name: session
SET NAMES utf8mb4;

-- READ COMMITTED locks rows, not the gaps between them, so that two servers
-- that add new rows side by side seldom wait for each other.
-- name: session
SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;

-- A server whose network is cut must not hold its locks for hours. An unknown
-- character or a clipped name is an error, whatever the server's default.
-- name: session
SET SESSION innodb_lock_wait_timeout = 5, wait_timeout = 60,
  sql_mode = 'STRICT_ALL_TABLES';

-- A node of a Galera cluster may be behind the others: what a flusher reads is
-- to be as new as what any of them has committed, as it may have written to
-- another node before. Who knows no such variable has no cluster.
-- name: cluster
SET SESSION wsrep_sync_wait = 1;

-- name: begin
START TRANSACTION;

-- One server at a time makes or migrates the tables. In a Galera cluster this
-- holds for one node only; there, a second migration fails and changes nothing.
-- name: lock
DO GET_LOCK('mod_usage', 10);

-- Whether the tables are there.
-- name: made
SELECT count(*) FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name = 'usage_schema';

-- No question of the dashboard may take longer; what comes after it on this
-- connection may. The two servers count in seconds and in milliseconds.
-- name: hurry
SET SESSION /*M!100101 max_statement_time = 10 */
  /*!50708 max_execution_time = 10000 */;

-- name: unhurry
SET SESSION /*M!100101 max_statement_time = DEFAULT */
  /*!50708 max_execution_time = DEFAULT */;
