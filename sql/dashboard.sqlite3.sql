-- SPDX-License-Identifier: Apache-2.0
--
-- What SQLite is asked in other words than the others.

-- How many pages there are is counted when they are summed: a window function
-- would have them all written down, and read, once more.
-- name: all_pages
WITH pages AS (SELECT path, sum(views) AS views, sum(visitors) AS visitors,
    sum(visits) AS visits, sum(returning_visits) AS returning_visits,
    sum(bounces) AS bounces, sum(exits) AS exits, sum(seconds) AS seconds,
    sum(bytes) AS bytes, sum(millis) AS millis
  FROM usage_all
  WHERE grain = :grain AND part = 0 AND start >= :from AND start < :to
  GROUP BY path)
SELECT path, (SELECT count(*) FROM pages), views, visitors, visits,
  returning_visits, bounces, exits, seconds, bytes, millis
FROM pages ORDER BY views DESC, path LIMIT :limit;

-- Pages are found by the intervals that have views, one by one, and no others
-- are read between them. PostgreSQL would read the whole table for that.
-- name: all_courses
SELECT path, start, sum(views) FROM usage_all
WHERE grain = :grain AND part = 0
  AND start IN (SELECT start FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to)
  AND device = '' AND browser = '' AND "system" = '' AND path IN (:names)
GROUP BY path, start ORDER BY path, start LIMIT :limit;
