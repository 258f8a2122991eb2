-- SPDX-License-Identifier: Apache-2.0
--
-- What SQLite is asked in other words than the others: it finds rows of all sites
-- by the intervals that have views, one by one, and reads no others between
-- them. PostgreSQL would read the whole table for that.

-- name: all_courses
SELECT path, start, sum(views) FROM usage_all
WHERE grain = :grain
  AND start IN (SELECT start FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to)
  AND device = '' AND browser = '' AND "system" = '' AND path IN (:names)
GROUP BY path, start ORDER BY path, start LIMIT :limit;

-- name: all_client_series
SELECT '', start, sum(views), 0, sum(visits),
  sum(returning_visits), sum(bounces), sum(exits), sum(seconds), sum(bytes),
  sum(millis)
FROM usage_all
WHERE grain = :grain
  AND start IN (SELECT start FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to)
  AND device > ''
  AND (:device = '' OR device = :device)
  AND (:browser = '' OR browser = :browser)
  AND (:system = '' OR "system" = :system)
GROUP BY start ORDER BY start LIMIT :limit;

-- name: all_clients
SELECT device, browser, "system", sum(views) FROM usage_all
WHERE grain = :grain
  AND start IN (SELECT start FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to)
  AND device > ''
  AND (:device = '' OR device = :device)
  AND (:browser = '' OR browser = :browser)
  AND (:system = '' OR "system" = :system)
GROUP BY device, browser, "system" ORDER BY 4 DESC, 1, 2, 3 LIMIT :limit;
