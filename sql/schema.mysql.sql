-- SPDX-License-Identifier: Apache-2.0
--
-- The tables of mod_usage in MariaDB and MySQL, version 1. The first flush
-- makes them; `mariadb usage < schema.mysql.sql` does the same, and then the
-- server's user needs no more than SELECT, INSERT, UPDATE and DELETE on them.
--
-- Texts are UTF-8 and compare by their bytes, a space at the end included; the
-- two servers have that collation under different names. They are VARCHAR, as
-- the driver makes room for the longest that a column can hold.
--
-- grain is the length of an interval: 0 base (UsageInterval), 1 day, 2 month;
-- every count is in all three, so never add grains up. start of a base interval
-- is its first second, Unix time. Of a day or a month of the site's time zone it
-- is the date, as the Unix time when that begins in UTC: it is the same for all
-- zones. site is a virtual host; "*" took counts that
-- the full table had no room for, as did path "/*". Columns are counts, but:
-- seconds is time from a view to the visit's next one, bytes what was queued
-- as bodies, millis the time until responses were generated.

-- name: schema
CREATE TABLE IF NOT EXISTS usage_schema (
  version INTEGER NOT NULL PRIMARY KEY
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M!100202 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Views by all that is known of them.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_view (
  grain TINYINT NOT NULL,
  start BIGINT NOT NULL,
  site VARCHAR(255) NOT NULL,
  path VARCHAR(255) NOT NULL,
  device VARCHAR(32) NOT NULL,
  browser VARCHAR(32) NOT NULL,
  `system` VARCHAR(32) NOT NULL,
  views BIGINT NOT NULL,
  visitors BIGINT NOT NULL,
  visits BIGINT NOT NULL,
  returning_visits BIGINT NOT NULL,
  bounces BIGINT NOT NULL,
  exits BIGINT NOT NULL,
  seconds BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  millis BIGINT NOT NULL,
  PRIMARY KEY (grain, start, site, path, device, browser, `system`)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M!100202 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- The same, summed by site: what a chart reads.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_total (
  grain TINYINT NOT NULL,
  start BIGINT NOT NULL,
  site VARCHAR(255) NOT NULL,
  views BIGINT NOT NULL,
  visitors BIGINT NOT NULL,
  visits BIGINT NOT NULL,
  returning_visits BIGINT NOT NULL,
  bounces BIGINT NOT NULL,
  exits BIGINT NOT NULL,
  seconds BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  millis BIGINT NOT NULL,
  PRIMARY KEY (grain, start, site)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M!100202 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- The same, summed by page: what the page list reads.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_page (
  grain TINYINT NOT NULL,
  start BIGINT NOT NULL,
  site VARCHAR(255) NOT NULL,
  path VARCHAR(255) NOT NULL,
  views BIGINT NOT NULL,
  visitors BIGINT NOT NULL,
  visits BIGINT NOT NULL,
  returning_visits BIGINT NOT NULL,
  bounces BIGINT NOT NULL,
  exits BIGINT NOT NULL,
  seconds BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  millis BIGINT NOT NULL,
  PRIMARY KEY (grain, start, site, path)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M!100202 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- The same, summed by client: what the lists of clients read. Who its visitors
-- are is not known.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_client (
  grain TINYINT NOT NULL,
  start BIGINT NOT NULL,
  site VARCHAR(255) NOT NULL,
  device VARCHAR(32) NOT NULL,
  browser VARCHAR(32) NOT NULL,
  `system` VARCHAR(32) NOT NULL,
  views BIGINT NOT NULL,
  visits BIGINT NOT NULL,
  returning_visits BIGINT NOT NULL,
  bounces BIGINT NOT NULL,
  exits BIGINT NOT NULL,
  seconds BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  millis BIGINT NOT NULL,
  PRIMARY KEY (grain, start, site, device, browser, `system`)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M!100202 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- All sites together, by day and month: what a page of all sites reads. part
-- tells what a row is of: 0 a path and all clients, 1 a client (device, browser
-- and system) and all paths, 2 a path and a client, by month alone. What it is
-- of all of is ''. So never add up rows of several parts.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_all (
  grain TINYINT NOT NULL,
  part TINYINT NOT NULL,
  start BIGINT NOT NULL,
  device VARCHAR(32) NOT NULL,
  browser VARCHAR(32) NOT NULL,
  `system` VARCHAR(32) NOT NULL,
  path VARCHAR(255) NOT NULL,
  views BIGINT NOT NULL,
  visitors BIGINT NOT NULL,
  visits BIGINT NOT NULL,
  returning_visits BIGINT NOT NULL,
  bounces BIGINT NOT NULL,
  exits BIGINT NOT NULL,
  seconds BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  millis BIGINT NOT NULL,
  PRIMARY KEY (grain, part, start, device, browser, `system`, path)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M!100202 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- What is counted by name. Category "outcome" has a row for each reason why a
-- hit was or was not a view; a site's outcomes add up to its hits. Of other
-- categories, what is older than UsageRetain events is summed in event "".
-- name: schema
CREATE TABLE IF NOT EXISTS usage_event (
  grain TINYINT NOT NULL,
  start BIGINT NOT NULL,
  site VARCHAR(255) NOT NULL,
  category VARCHAR(255) NOT NULL,
  event VARCHAR(255) NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (grain, start, site, category, event)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M!100202 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Distinct visitors by day (its date, as in start), site and category. While the
-- day is open, by node: a visitor of two nodes is in both numbers, and sketch
-- tells who they are by salted hashes, so that they can be merged. When the day
-- is over, that leaves one row, of node '', with one number and no sketch; a day
-- on which a site had hits and no visitors has one, too.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_seen (
  day BIGINT NOT NULL,
  site VARCHAR(255) NOT NULL,
  category VARCHAR(255) NOT NULL,
  node VARCHAR(255) NOT NULL,
  visitors BIGINT NOT NULL,
  sketch VARCHAR(44000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (day, site, category, node)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M!100202 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Names of users, where they are stored (UsageUsers stored), by day (its date);
-- deleted when the day is over. Else there is none.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_user (
  day BIGINT NOT NULL,
  site VARCHAR(255) NOT NULL,
  category VARCHAR(255) NOT NULL,
  id VARCHAR(255) NOT NULL,
  PRIMARY KEY (day, site, category, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M!100202 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Distinct visitors by month: visitors is the sum of the closed days' numbers,
-- days how many days of the month a site had hits on, in the row of category
-- "visitor". So visitors / days is the average of a day.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_average (
  start BIGINT NOT NULL,
  site VARCHAR(255) NOT NULL,
  category VARCHAR(255) NOT NULL,
  visitors BIGINT NOT NULL,
  days BIGINT NOT NULL,
  PRIMARY KEY (start, site, category)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M!100202 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- The newest views of each site (UsageRecent); new is 1 where a visit began.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_recent (
  site VARCHAR(255) NOT NULL,
  time BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  path VARCHAR(255) NOT NULL,
  device VARCHAR(32) NOT NULL,
  browser VARCHAR(32) NOT NULL,
  `system` VARCHAR(32) NOT NULL,
  new TINYINT NOT NULL,
  PRIMARY KEY (site, time, seq)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M!100202 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Named points in time: what a release, a campaign or a restart did to the
-- numbers. time is Unix seconds; site '' is for all sites. Marks of category
-- "server" are the servers' own. None is ever deleted by mod_usage.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_mark (
  time BIGINT NOT NULL,
  site VARCHAR(255) NOT NULL,
  name VARCHAR(255) NOT NULL,
  category VARCHAR(255) NOT NULL,
  PRIMARY KEY (time, site, name, category)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M!100202 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- The servers that write here: the number of each one's last batch, by which
-- it knows after a crash what was written.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_node (
  node VARCHAR(255) NOT NULL PRIMARY KEY,
  batch BIGINT NOT NULL,
  last_flush BIGINT NOT NULL,
  version VARCHAR(32) NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M!100202 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- The node that deletes what is old, and until when it may; the time of the last
-- run that came to its end; since when the clock is doubted, or 0.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_lease (
  name VARCHAR(255) NOT NULL PRIMARY KEY,
  node VARCHAR(255) NOT NULL,
  expires BIGINT NOT NULL,
  done BIGINT NOT NULL,
  doubted BIGINT NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M!100202 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- The salts that servers share (UsageSalt shared; else there is none): of the day
-- that begins with the second day, Unix time, until it expires, one session
-- window after its end. Day 0 has what User-Agents are hashed with; it stays.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_salt (
  day BIGINT NOT NULL PRIMARY KEY,
  expires BIGINT NOT NULL,
  salt VARCHAR(32) NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M!100202 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- For people: views by day, with dates.
-- name: schema
CREATE OR REPLACE VIEW usage_daily AS
SELECT DATE_FORMAT(DATE_ADD('1970-01-01', INTERVAL start SECOND), '%Y-%m-%d')
    AS day,
  site, path, device, browser, `system`, views, visitors, visits,
  returning_visits, bounces, exits, seconds, bytes, millis
FROM usage_view WHERE grain = 1;

-- For people: views by month, with dates.
-- name: schema
CREATE OR REPLACE VIEW usage_monthly AS
SELECT DATE_FORMAT(DATE_ADD('1970-01-01', INTERVAL start SECOND), '%Y-%m')
    AS month,
  site, path, device, browser, `system`, views, visitors, visits,
  returning_visits, bounces, exits, seconds, bytes, millis
FROM usage_view WHERE grain = 2;

-- For people: visitors by day, with dates; on a day that is open, of all nodes.
-- name: schema
CREATE OR REPLACE VIEW usage_daily_visitors AS
SELECT DATE_FORMAT(DATE_ADD('1970-01-01', INTERVAL usage_seen.day SECOND),
    '%Y-%m-%d') AS day,
  site, category, sum(visitors) AS visitors
FROM usage_seen GROUP BY usage_seen.day, site, category;

-- For people: visitors of an average day, by month; of the days that are over.
-- name: schema
CREATE OR REPLACE VIEW usage_monthly_visitors AS
SELECT DATE_FORMAT(DATE_ADD('1970-01-01', INTERVAL a.start SECOND), '%Y-%m')
    AS month, a.site, a.category,
  a.visitors * 1.0 / d.days AS visitors_per_day, d.days
FROM usage_average a
JOIN usage_average d
  ON d.start = a.start AND d.site = a.site AND d.category = 'visitor'
WHERE d.days > 0;

-- Last, as it tells that all is there.
-- name: schema
INSERT IGNORE INTO usage_schema (version) VALUES (1);
