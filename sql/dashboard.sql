-- SPDX-License-Identifier: Apache-2.0
--
-- What the dashboard asks. Each answers with a name, a start, views and, where
-- the table has them, the other counters in the order of the tables.
-- :site is '' for all sites; [:from, :to) are starts of intervals of :grain.

-- name: sites
SELECT site, 0, sum(count) FROM usage_event
WHERE grain = 2 AND category = 'outcome'
GROUP BY site ORDER BY site LIMIT :limit;

-- name: series
SELECT '', start, sum(views), sum(visitors), sum(visits),
  sum(returning_visits), sum(bounces), sum(exits), sum(seconds), sum(bytes),
  sum(millis)
FROM usage_total
WHERE grain = :grain AND start >= :from AND start < :to
  AND (:site = '' OR site = :site)
GROUP BY start ORDER BY start LIMIT :limit;

-- name: pages
SELECT path, 0, sum(views), sum(visitors), sum(visits),
  sum(returning_visits), sum(bounces), sum(exits), sum(seconds), sum(bytes),
  sum(millis)
FROM usage_page
WHERE grain = :grain AND start >= :from AND start < :to
  AND (:site = '' OR site = :site)
GROUP BY path ORDER BY 3 DESC, 1 LIMIT :limit;

-- name: devices
SELECT device, 0, sum(views) FROM usage_view
WHERE grain = :grain AND start >= :from AND start < :to
  AND (:site = '' OR site = :site)
GROUP BY device ORDER BY 3 DESC, 1 LIMIT :limit;

-- name: browsers
SELECT browser, 0, sum(views) FROM usage_view
WHERE grain = :grain AND start >= :from AND start < :to
  AND (:site = '' OR site = :site)
GROUP BY browser ORDER BY 3 DESC, 1 LIMIT :limit;

-- name: systems
SELECT "system", 0, sum(views) FROM usage_view
WHERE grain = :grain AND start >= :from AND start < :to
  AND (:site = '' OR site = :site)
GROUP BY "system" ORDER BY 3 DESC, 1 LIMIT :limit;

-- Columns: category, event, hits, names. The greatest of each category; what
-- is beyond :depth is one row, of as many names, whose own is ''.
-- name: events
SELECT category, CASE WHEN place <= :depth THEN event ELSE '' END, sum(hits),
  count(*)
FROM (SELECT category, event, sum(count) AS hits,
    row_number() OVER (PARTITION BY category
                       ORDER BY sum(count) DESC, event) AS place
  FROM usage_event
  WHERE grain = :grain AND start >= :from AND start < :to
    AND (:site = '' OR site = :site)
  GROUP BY category, event) AS placed
GROUP BY 1, 2 ORDER BY min(place), 1 LIMIT :limit;

-- Visitors of days that are over, and so without their sketches.
-- name: visitors
SELECT '', day, 0, sum(visitors) FROM usage_seen
WHERE day >= :from AND day < :to
  AND (:site = '' OR site = :site) AND category = 'visitor' AND node = ''
GROUP BY day ORDER BY day LIMIT :limit;

-- The same by month. Of all sites, on as many days as the one that had the most.
-- name: averages
SELECT '', start, max(days), sum(visitors) FROM usage_average
WHERE start >= :from AND start < :to
  AND (:site = '' OR site = :site) AND category = 'visitor'
GROUP BY start ORDER BY start LIMIT :limit;

-- Columns: site, day, category, node, visitors, sketch.
-- name: seen_days
SELECT site, day, category, node, visitors, sketch FROM usage_seen
WHERE day >= :from AND day < :to
  AND (:site = '' OR site = :site) AND category = :category AND node <> ''
ORDER BY day, site;

-- Columns: node, last_flush, batch, version.
-- name: nodes
SELECT node, last_flush, batch, version FROM usage_node
ORDER BY last_flush DESC, node LIMIT :limit;

-- Columns: site, time, seq, path, device, browser, "system", new.
-- name: recent
SELECT site, time, seq, path, device, browser, "system", new
FROM usage_recent
WHERE :site = '' OR site = :site
ORDER BY time DESC, seq DESC LIMIT :limit;

-- Columns: time, site, name, category. Those of all sites are every site's.
-- name: marks
SELECT time, site, name, category FROM usage_mark
WHERE time >= :from AND time < :to
  AND (:site = '' OR site = '' OR site = :site)
ORDER BY time DESC, site, name, category LIMIT :limit;
