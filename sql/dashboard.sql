-- SPDX-License-Identifier: Apache-2.0
--
-- What the dashboard asks. Each answers with a name, a start, views and, where
-- the table has them, the other counters in the order of the tables.
-- :site is '' for all sites; [:from, :to) are starts of intervals of :grain.

-- Nothing but names: all that had a hit, on a day that is closed or since :from.
-- name: sites
SELECT site, 0, 0 FROM usage_average WHERE category = 'visitor'
UNION
SELECT site, 0, 0 FROM usage_event
WHERE grain = :grain AND start >= :from AND start < :to
  AND category = 'outcome'
ORDER BY 1 LIMIT :limit;

-- name: series
SELECT '', start, sum(views), sum(visitors), sum(visits),
  sum(returning_visits), sum(bounces), sum(exits), sum(seconds), sum(bytes),
  sum(millis)
FROM usage_total
WHERE grain = :grain AND start >= :from AND start < :to
  AND (:site = '' OR site = :site)
GROUP BY start ORDER BY start LIMIT :limit;

-- Views by the base interval.
-- name: hours
SELECT '', start, sum(views) FROM usage_total
WHERE grain = :grain AND start >= :from AND start < :to
  AND (:site = '' OR site = :site)
GROUP BY start ORDER BY start LIMIT :limit;

-- Of a page or client, rows are found by the intervals and sites that have views:
-- so no more of the key is walked than is asked for, of one site or of all.
-- The start is how many pages there are.
-- name: pages
SELECT path, count(*) OVER (), sum(views), sum(visitors), sum(visits),
  sum(returning_visits), sum(bounces), sum(exits), sum(seconds), sum(bytes),
  sum(millis)
FROM usage_page
WHERE grain = :grain
  AND start IN (SELECT start FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to)
  AND site IN (SELECT site FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to
      AND (:site = '' OR site = :site))
GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT :limit;

-- Of the pages :names; only views.
-- name: courses
SELECT path, start, sum(views) FROM usage_page
WHERE grain = :grain
  AND start IN (SELECT start FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to)
  AND site IN (SELECT site FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to
      AND (:site = '' OR site = :site))
  AND path IN (:names)
GROUP BY 1, 2 ORDER BY 1, 2 LIMIT :limit;

-- Of the clients :device, :browser, :system, each '' for all; and so below.
-- name: client_series
SELECT '', start, sum(views), 0, sum(visits),
  sum(returning_visits), sum(bounces), sum(exits), sum(seconds), sum(bytes),
  sum(millis)
FROM usage_client
WHERE grain = :grain
  AND start IN (SELECT start FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to)
  AND site IN (SELECT site FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to
      AND (:site = '' OR site = :site))
  AND (:device = '' OR device = :device)
  AND (:browser = '' OR browser = :browser)
  AND (:system = '' OR "system" = :system)
GROUP BY start ORDER BY start LIMIT :limit;

-- name: client_pages
SELECT path, count(*) OVER (), sum(views), sum(visitors), sum(visits),
  sum(returning_visits), sum(bounces), sum(exits), sum(seconds), sum(bytes),
  sum(millis)
FROM usage_view
WHERE grain = :grain
  AND start IN (SELECT start FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to)
  AND site IN (SELECT site FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to
      AND (:site = '' OR site = :site))
  AND (:device = '' OR device = :device)
  AND (:browser = '' OR browser = :browser)
  AND (:system = '' OR "system" = :system)
GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT :limit;

-- name: page_series
SELECT '', start, sum(views), sum(visitors), sum(visits),
  sum(returning_visits), sum(bounces), sum(exits), sum(seconds), sum(bytes),
  sum(millis)
FROM usage_view
WHERE grain = :grain
  AND start IN (SELECT start FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to)
  AND site IN (SELECT site FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to
      AND (:site = '' OR site = :site))
  AND path = :name
  AND (:device = '' OR device = :device)
  AND (:browser = '' OR browser = :browser)
  AND (:system = '' OR "system" = :system)
GROUP BY start ORDER BY start LIMIT :limit;

-- name: client_courses
SELECT path, start, sum(views) FROM usage_view
WHERE grain = :grain
  AND start IN (SELECT start FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to)
  AND site IN (SELECT site FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to
      AND (:site = '' OR site = :site))
  AND path IN (:names)
  AND (:device = '' OR device = :device)
  AND (:browser = '' OR browser = :browser)
  AND (:system = '' OR "system" = :system)
GROUP BY 1, 2 ORDER BY 1, 2 LIMIT :limit;

-- Pages by what they gained (:way 1) or lost (-1) since [:was_from, :was_to),
-- with all that were viewed then or are now. The last column is their views
-- then.
-- name: changes
SELECT path, count(*) OVER (), sum(views), sum(visitors), sum(visits),
  sum(returning_visits), sum(bounces), sum(exits), sum(seconds), sum(bytes),
  sum(millis), sum(views_were)
FROM (SELECT path, views, visitors, visits, returning_visits, bounces, exits,
      seconds, bytes, millis, 0 AS views_were
    FROM usage_page
    WHERE grain = :grain
      AND start IN (SELECT start FROM usage_total
        WHERE grain = :grain AND start >= :from AND start < :to)
      AND site IN (SELECT site FROM usage_total
        WHERE grain = :grain AND start >= :from AND start < :to
          AND (:site = '' OR site = :site))
    UNION ALL
    SELECT path, 0, 0, 0, 0, 0, 0, 0, 0, 0, views
    FROM usage_page
    WHERE grain = :grain
      AND start IN (SELECT start FROM usage_total
        WHERE grain = :grain AND start >= :was_from AND start < :was_to)
      AND site IN (SELECT site FROM usage_total
        WHERE grain = :grain AND start >= :was_from AND start < :was_to
          AND (:site = '' OR site = :site))) AS pages
GROUP BY 1
ORDER BY :way * (sum(views) - sum(views_were)) DESC, 1 LIMIT :limit;

-- name: client_changes
SELECT path, count(*) OVER (), sum(views), sum(visitors), sum(visits),
  sum(returning_visits), sum(bounces), sum(exits), sum(seconds), sum(bytes),
  sum(millis), sum(views_were)
FROM (SELECT path, views, visitors, visits, returning_visits, bounces, exits,
      seconds, bytes, millis, 0 AS views_were
    FROM usage_view
    WHERE grain = :grain
      AND start IN (SELECT start FROM usage_total
        WHERE grain = :grain AND start >= :from AND start < :to)
      AND site IN (SELECT site FROM usage_total
        WHERE grain = :grain AND start >= :from AND start < :to
          AND (:site = '' OR site = :site))
      AND (:device = '' OR device = :device)
      AND (:browser = '' OR browser = :browser)
      AND (:system = '' OR "system" = :system)
    UNION ALL
    SELECT path, 0, 0, 0, 0, 0, 0, 0, 0, 0, views
    FROM usage_view
    WHERE grain = :grain
      AND start IN (SELECT start FROM usage_total
        WHERE grain = :grain AND start >= :was_from AND start < :was_to)
      AND site IN (SELECT site FROM usage_total
        WHERE grain = :grain AND start >= :was_from AND start < :was_to
          AND (:site = '' OR site = :site))
      AND (:device = '' OR device = :device)
      AND (:browser = '' OR browser = :browser)
      AND (:system = '' OR "system" = :system)) AS pages
GROUP BY 1
ORDER BY :way * (sum(views) - sum(views_were)) DESC, 1 LIMIT :limit;

-- Columns: device, browser, "system", views.
-- name: clients
SELECT device, browser, "system", sum(views) FROM usage_client
WHERE grain = :grain
  AND start IN (SELECT start FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to)
  AND site IN (SELECT site FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to
      AND (:site = '' OR site = :site))
  AND (:device = '' OR device = :device)
  AND (:browser = '' OR browser = :browser)
  AND (:system = '' OR "system" = :system)
GROUP BY device, browser, "system" ORDER BY 4 DESC, 1, 2, 3 LIMIT :limit;

-- The same, of the page :name.
-- name: page_clients
SELECT device, browser, "system", sum(views) FROM usage_view
WHERE grain = :grain
  AND start IN (SELECT start FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to)
  AND site IN (SELECT site FROM usage_total
    WHERE grain = :grain AND start >= :from AND start < :to
      AND (:site = '' OR site = :site))
  AND path = :name
  AND (:device = '' OR device = :device)
  AND (:browser = '' OR browser = :browser)
  AND (:system = '' OR "system" = :system)
GROUP BY device, browser, "system" ORDER BY 4 DESC, 1, 2, 3 LIMIT :limit;

-- Of all sites, by day or month: what "pages", "courses", "client_series" and
-- "clients" are of base intervals and of one site.
-- name: all_pages
SELECT path, count(*) OVER (), sum(views), sum(visitors), sum(visits),
  sum(returning_visits), sum(bounces), sum(exits), sum(seconds), sum(bytes),
  sum(millis)
FROM usage_all
WHERE grain = :grain AND part = 0 AND start >= :from AND start < :to
GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT :limit;

-- What "changes" is of all sites.
-- name: all_changes
SELECT path, count(*) OVER (), sum(views), sum(visitors), sum(visits),
  sum(returning_visits), sum(bounces), sum(exits), sum(seconds), sum(bytes),
  sum(millis), sum(views_were)
FROM (SELECT path, views, visitors, visits, returning_visits, bounces, exits,
      seconds, bytes, millis, 0 AS views_were
    FROM usage_all
    WHERE grain = :grain AND part = 0 AND start >= :from AND start < :to
    UNION ALL
    SELECT path, 0, 0, 0, 0, 0, 0, 0, 0, 0, views
    FROM usage_all
    WHERE grain = :grain AND part = 0
      AND start >= :was_from AND start < :was_to) AS pages
GROUP BY 1
ORDER BY :way * (sum(views) - sum(views_were)) DESC, 1 LIMIT :limit;

-- name: all_courses
SELECT path, start, sum(views) FROM usage_all
WHERE grain = :grain AND part = 0 AND start >= :from AND start < :to
  AND device = '' AND browser = '' AND "system" = '' AND path IN (:names)
GROUP BY 1, 2 ORDER BY 1, 2 LIMIT :limit;

-- name: all_client_series
SELECT '', start, sum(views), 0, sum(visits),
  sum(returning_visits), sum(bounces), sum(exits), sum(seconds), sum(bytes),
  sum(millis)
FROM usage_all
WHERE grain = :grain AND part = 1 AND start >= :from AND start < :to
  AND (:device = '' OR device = :device)
  AND (:browser = '' OR browser = :browser)
  AND (:system = '' OR "system" = :system)
GROUP BY start ORDER BY start LIMIT :limit;

-- name: all_clients
SELECT device, browser, "system", sum(views) FROM usage_all
WHERE grain = :grain AND part = 1 AND start >= :from AND start < :to
  AND (:device = '' OR device = :device)
  AND (:browser = '' OR browser = :browser)
  AND (:system = '' OR "system" = :system)
GROUP BY device, browser, "system" ORDER BY 4 DESC, 1, 2, 3 LIMIT :limit;

-- Of all sites, by month: what "client_pages", "client_changes", "page_series"
-- and the like are of days and of one site. Clients that have views lead to the
-- pages of each: joined crosswise, and with a plus, as SQLite then keeps to
-- this order, and looks up each.
-- name: all_client_pages
SELECT page.path, count(*) OVER (), sum(page.views), sum(page.visitors),
  sum(page.visits), sum(page.returning_visits), sum(page.bounces),
  sum(page.exits), sum(page.seconds), sum(page.bytes), sum(page.millis)
FROM usage_all AS client CROSS JOIN usage_all AS page
WHERE page.grain = client.grain AND page.part = 2
  AND page.start = +client.start AND page.device = client.device
  AND page.browser = client.browser AND page."system" = client."system"
  AND client.grain = :grain AND client.part = 1
  AND client.start >= :from AND client.start < :to
  AND (:device = '' OR client.device = :device)
  AND (:browser = '' OR client.browser = :browser)
  AND (:system = '' OR client."system" = :system)
GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT :limit;

-- name: all_client_changes
SELECT path, count(*) OVER (), sum(views), sum(visitors), sum(visits),
  sum(returning_visits), sum(bounces), sum(exits), sum(seconds), sum(bytes),
  sum(millis), sum(views_were)
FROM (SELECT page.path, page.views, page.visitors, page.visits,
      page.returning_visits, page.bounces, page.exits, page.seconds,
      page.bytes, page.millis, 0 AS views_were
    FROM usage_all AS client CROSS JOIN usage_all AS page
    WHERE page.grain = client.grain AND page.part = 2
      AND page.start = +client.start AND page.device = client.device
      AND page.browser = client.browser AND page."system" = client."system"
      AND client.grain = :grain AND client.part = 1
      AND client.start >= :from AND client.start < :to
      AND (:device = '' OR client.device = :device)
      AND (:browser = '' OR client.browser = :browser)
      AND (:system = '' OR client."system" = :system)
    UNION ALL
    SELECT page.path, 0, 0, 0, 0, 0, 0, 0, 0, 0, page.views
    FROM usage_all AS client CROSS JOIN usage_all AS page
    WHERE page.grain = client.grain AND page.part = 2
      AND page.start = +client.start AND page.device = client.device
      AND page.browser = client.browser AND page."system" = client."system"
      AND client.grain = :grain AND client.part = 1
      AND client.start >= :was_from AND client.start < :was_to
      AND (:device = '' OR client.device = :device)
      AND (:browser = '' OR client.browser = :browser)
      AND (:system = '' OR client."system" = :system)) AS pages
GROUP BY 1
ORDER BY :way * (sum(views) - sum(views_were)) DESC, 1 LIMIT :limit;

-- name: all_client_courses
SELECT page.path, page.start, sum(page.views)
FROM usage_all AS client CROSS JOIN usage_all AS page
WHERE page.grain = client.grain AND page.part = 2
  AND page.start = +client.start AND page.device = client.device
  AND page.browser = client.browser AND page."system" = client."system"
  AND page.path IN (:names)
  AND client.grain = :grain AND client.part = 1
  AND client.start >= :from AND client.start < :to
  AND (:device = '' OR client.device = :device)
  AND (:browser = '' OR client.browser = :browser)
  AND (:system = '' OR client."system" = :system)
GROUP BY 1, 2 ORDER BY 1, 2 LIMIT :limit;

-- name: all_page_series
SELECT '', page.start, sum(page.views), sum(page.visitors), sum(page.visits),
  sum(page.returning_visits), sum(page.bounces), sum(page.exits),
  sum(page.seconds), sum(page.bytes), sum(page.millis)
FROM usage_all AS client CROSS JOIN usage_all AS page
WHERE page.grain = client.grain AND page.part = 2
  AND page.start = +client.start AND page.device = client.device
  AND page.browser = client.browser AND page."system" = client."system"
  AND page.path = :name
  AND client.grain = :grain AND client.part = 1
  AND client.start >= :from AND client.start < :to
  AND (:device = '' OR client.device = :device)
  AND (:browser = '' OR client.browser = :browser)
  AND (:system = '' OR client."system" = :system)
GROUP BY page.start ORDER BY page.start LIMIT :limit;

-- name: all_page_clients
SELECT page.device, page.browser, page."system", sum(page.views)
FROM usage_all AS client CROSS JOIN usage_all AS page
WHERE page.grain = client.grain AND page.part = 2
  AND page.start = +client.start AND page.device = client.device
  AND page.browser = client.browser AND page."system" = client."system"
  AND page.path = :name
  AND client.grain = :grain AND client.part = 1
  AND client.start >= :from AND client.start < :to
  AND (:device = '' OR client.device = :device)
  AND (:browser = '' OR client.browser = :browser)
  AND (:system = '' OR client."system" = :system)
GROUP BY page.device, page.browser, page."system"
ORDER BY 4 DESC, 1, 2, 3 LIMIT :limit;

-- What is counted in :category, as :name or, if that is '', as anything.
-- name: count_series
SELECT '', start, sum(count) FROM usage_event
WHERE grain = :grain AND start >= :from AND start < :to
  AND (:site = '' OR site = :site)
  AND category = :category AND (:name = '' OR event = :name)
GROUP BY start ORDER BY start LIMIT :limit;

-- Columns: category, event, hits, names. The greatest of each category; what
-- is beyond :depth is one row, of as many names, whose own is ''.
-- name: events
SELECT category, CASE WHEN place <= :depth THEN event ELSE '' END, sum(hits),
  count(*)
FROM (SELECT category, event, hits,
    row_number() OVER (PARTITION BY category
                       ORDER BY hits DESC, event) AS place
  FROM (SELECT category, event, sum(count) AS hits
    FROM usage_event
    WHERE grain = :grain AND start >= :from AND start < :to
      AND (:site = '' OR site = :site)
    GROUP BY 1, 2) AS counted) AS placed
GROUP BY 1, 2 ORDER BY min(place), 1 LIMIT :limit;

-- Visitors (or others) of days that are over, and so without their sketches.
-- name: visitors
SELECT '', day, 0, sum(visitors) FROM usage_seen
WHERE day >= :from AND day < :to
  AND (:site = '' OR site = :site) AND category = :category AND node = ''
GROUP BY day ORDER BY day LIMIT :limit;

-- The same by month. Of all sites, on as many days as the one that had the most.
-- name: averages
SELECT '', start, max(days), sum(visitors) FROM usage_average
WHERE start >= :from AND start < :to
  AND (:site = '' OR site = :site) AND category = :category
GROUP BY start ORDER BY start LIMIT :limit;

-- Categories of distinct things but for one, those with most first.
-- name: categories
SELECT category, 0, sum(met) FROM (
  SELECT category, visitors AS met FROM usage_seen
  WHERE day >= :from AND day < :to
    AND (:site = '' OR site = :site) AND category <> :category
  UNION ALL
  SELECT category, visitors AS met FROM usage_average
  WHERE start >= :from AND start < :to
    AND (:site = '' OR site = :site) AND category <> :category
) AS meetings GROUP BY category ORDER BY 3 DESC, 1 LIMIT :limit;

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
