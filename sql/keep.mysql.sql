-- SPDX-License-Identifier: Apache-2.0
--
-- How MariaDB and MySQL delete what is old, a few rows at a time.

-- name: drop_view
DELETE FROM usage_view WHERE grain = :grain AND start < :to
ORDER BY start LIMIT :limit;

-- name: drop_page
DELETE FROM usage_page WHERE grain = :grain AND start < :to
ORDER BY start LIMIT :limit;

-- name: drop_total
DELETE FROM usage_total WHERE grain = :grain AND start < :to
ORDER BY start LIMIT :limit;

-- name: drop_client
DELETE FROM usage_client WHERE grain = :grain AND start < :to
ORDER BY start LIMIT :limit;

-- name: drop_all
DELETE FROM usage_all WHERE grain = :grain AND part = :part AND start < :to
ORDER BY start LIMIT :limit;

-- name: drop_event
DELETE FROM usage_event WHERE grain = :grain AND start < :to
ORDER BY start LIMIT :limit;

-- Days that no node has a row of any more.
-- name: drop_seen
DELETE FROM usage_seen WHERE day < :to AND node = ''
ORDER BY day LIMIT :limit;

-- name: drop_average
DELETE FROM usage_average WHERE start < :to
ORDER BY start LIMIT :limit;

-- name: drop_user
DELETE FROM usage_user WHERE day < :to
ORDER BY day LIMIT :limit;
