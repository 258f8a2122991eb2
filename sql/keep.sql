-- SPDX-License-Identifier: Apache-2.0
--
-- What keeping says: the lease, the day's close, and what is summed when it is
-- old (UsageRetain). Each runs in a transaction of a few rows. How rows are
-- deleted a few at a time, the oldest first, is in the dialects' own files.

-- name: lease_get
SELECT node, expires, done, doubted FROM usage_lease WHERE name = 'keep';

-- name: lease_make
INSERT INTO usage_lease (name, node, expires, done, doubted)
VALUES ('keep', :node, :expires, 0, 0)
ON CONFLICT (name) DO NOTHING;

-- name: lease_take
UPDATE usage_lease SET node = :node, expires = :expires
WHERE name = 'keep'
  AND (node = :node OR expires <= :now OR expires > :latest);

-- name: lease_note
UPDATE usage_lease SET done = :done, doubted = :doubted
WHERE name = 'keep' AND node = :node;

-- Columns: site, start, category, event, count.
-- name: events_before
SELECT site, start, category, event, count FROM usage_event
WHERE grain = :grain AND start < :to AND category <> :category AND event <> ''
ORDER BY start, site, category, event LIMIT :limit;

-- name: event_take
DELETE FROM usage_event
WHERE grain = :grain AND start = :start AND site = :site
  AND category = :category AND event = :name AND count = :views;

-- Columns: site, day, category, node, visitors, sketch.
-- name: seen_open
SELECT DISTINCT site, day, category, '', 0, '' FROM usage_seen
WHERE day < :to AND node <> ''
ORDER BY day, site, category LIMIT :limit;

-- name: seen_nodes
SELECT site, day, category, node, visitors, sketch FROM usage_seen
WHERE day = :day AND site = :site AND category = :category AND node <> ''
ORDER BY node;

-- name: seen_unclosed
SELECT DISTINCT site, start, '', '', 0, '' FROM usage_event
WHERE grain = :grain AND start >= :from AND start < :to
  AND category = 'outcome' AND NOT EXISTS (
    SELECT 1 FROM usage_seen
    WHERE day = usage_event.start AND site = usage_event.site
      AND category = :category AND node = '')
ORDER BY start, site LIMIT :limit;

-- name: seen_observed
SELECT count(*) FROM usage_event
WHERE grain = 1 AND start = :day AND site = :site AND category = 'outcome';

-- name: seen_take
DELETE FROM usage_seen
WHERE day = :day AND site = :site AND category = :category AND node = :node
  AND visitors = :visitors AND sketch = :sketch;

-- How many users a day had is how many are deleted as it is closed.
-- name: users_take
DELETE FROM usage_user
WHERE day = :day AND site = :site AND category = :category;

-- name: seen_make
INSERT INTO usage_seen (day, site, category, node, visitors, sketch)
VALUES (:day, :site, :category, '', 0, '')
ON CONFLICT (day, site, category, node) DO NOTHING;

-- name: seen_add
UPDATE usage_seen SET visitors = visitors + :visitors
WHERE day = :day AND site = :site AND category = :category AND node = '';

-- name: average_add
INSERT INTO usage_average (start, site, category, visitors, days)
VALUES (:start, :site, :category, :visitors, :days)
ON CONFLICT (start, site, category) DO UPDATE SET
  visitors = usage_average.visitors + excluded.visitors,
  days = usage_average.days + excluded.days;

-- name: recent_over
SELECT site, 0, count(*) FROM usage_recent
GROUP BY site HAVING count(*) > :keep ORDER BY site LIMIT :limit;

-- Free pages, all pages, whether some can be given back: where a database has no
-- file of its own, that is not for us to say.
-- name: room
SELECT '0', 0, 0;

-- name: shrink
SELECT 1;
