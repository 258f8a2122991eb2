-- SPDX-License-Identifier: Apache-2.0
--
-- How SQLite deletes what is old, a few rows at a time, and shrinks its file.

-- The oldest :limit rows of a grain, found by the last of them in the order of
-- the key. There is no DELETE ... LIMIT here, and no index but the key.
-- name: drop_view
DELETE FROM usage_view
WHERE grain = :grain
  AND (start, site, path, device, browser, "system") <= (
    SELECT start, site, path, device, browser, "system" FROM (
      SELECT start, site, path, device, browser, "system" FROM usage_view
      WHERE grain = :grain AND start < :to
      ORDER BY start, site, path, device, browser, "system" LIMIT :limit)
    ORDER BY start DESC, site DESC, path DESC, device DESC, browser DESC,
      "system" DESC LIMIT 1);

-- name: drop_page
DELETE FROM usage_page
WHERE grain = :grain
  AND (start, site, path) <= (
    SELECT start, site, path FROM (
      SELECT start, site, path FROM usage_page
      WHERE grain = :grain AND start < :to
      ORDER BY start, site, path LIMIT :limit)
    ORDER BY start DESC, site DESC, path DESC LIMIT 1);

-- name: drop_total
DELETE FROM usage_total
WHERE grain = :grain
  AND (start, site) <= (
    SELECT start, site FROM (
      SELECT start, site FROM usage_total
      WHERE grain = :grain AND start < :to
      ORDER BY start, site LIMIT :limit)
    ORDER BY start DESC, site DESC LIMIT 1);

-- name: drop_client
DELETE FROM usage_client
WHERE grain = :grain
  AND (start, site, device, browser, "system") <= (
    SELECT start, site, device, browser, "system" FROM (
      SELECT start, site, device, browser, "system" FROM usage_client
      WHERE grain = :grain AND start < :to
      ORDER BY start, site, device, browser, "system" LIMIT :limit)
    ORDER BY start DESC, site DESC, device DESC, browser DESC, "system" DESC
    LIMIT 1);

-- name: drop_all
DELETE FROM usage_all
WHERE grain = :grain AND part = :part
  AND (start, device, browser, "system", path) <= (
    SELECT start, device, browser, "system", path FROM (
      SELECT start, device, browser, "system", path FROM usage_all
      WHERE grain = :grain AND part = :part AND start < :to
      ORDER BY start, device, browser, "system", path LIMIT :limit)
    ORDER BY start DESC, device DESC, browser DESC, "system" DESC, path DESC
    LIMIT 1);

-- name: drop_event
DELETE FROM usage_event
WHERE grain = :grain
  AND (start, site, category, event) <= (
    SELECT start, site, category, event FROM (
      SELECT start, site, category, event FROM usage_event
      WHERE grain = :grain AND start < :to
      ORDER BY start, site, category, event LIMIT :limit)
    ORDER BY start DESC, site DESC, category DESC, event DESC LIMIT 1);

-- Days that no node has a row of any more.
-- name: drop_seen
DELETE FROM usage_seen
WHERE (day, site, category, node) <= (
    SELECT day, site, category, node FROM (
      SELECT day, site, category, node FROM usage_seen
      WHERE day < :to AND node = ''
      ORDER BY day, site, category, node LIMIT :limit)
    ORDER BY day DESC, site DESC, category DESC, node DESC LIMIT 1)
  AND node = '';

-- name: drop_average
DELETE FROM usage_average
WHERE (start, site, category) <= (
    SELECT start, site, category FROM (
      SELECT start, site, category FROM usage_average
      WHERE start < :to
      ORDER BY start, site, category LIMIT :limit)
    ORDER BY start DESC, site DESC, category DESC LIMIT 1);

-- name: drop_user
DELETE FROM usage_user
WHERE (day, site, category, id) <= (
    SELECT day, site, category, id FROM (
      SELECT day, site, category, id FROM usage_user
      WHERE day < :to
      ORDER BY day, site, category, id LIMIT :limit)
    ORDER BY day DESC, site DESC, category DESC, id DESC LIMIT 1);

-- Columns: free pages, all pages, whether pages can be given back.
-- name: room
SELECT freelist_count, page_count, auto_vacuum <> 0
FROM pragma_freelist_count, pragma_page_count, pragma_auto_vacuum;

-- A row is answered for each page; it must be asked for to be done.
-- name: shrink
PRAGMA incremental_vacuum(100);
