-- SPDX-License-Identifier: Apache-2.0
--
-- The tables of mod_usage in PostgreSQL, version 1. The first flush makes them;
-- `psql -f schema.pgsql.sql` does the same, and then the server's role needs no
-- more than SELECT, INSERT, UPDATE and DELETE on them. The database's encoding
-- is UTF8; texts compare by their bytes.
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
);

-- Views by all that is known of them.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_view (
  grain SMALLINT NOT NULL,
  start BIGINT NOT NULL,
  site TEXT COLLATE "C" NOT NULL,
  path TEXT COLLATE "C" NOT NULL,
  device TEXT COLLATE "C" NOT NULL,
  browser TEXT COLLATE "C" NOT NULL,
  "system" TEXT COLLATE "C" NOT NULL,
  views BIGINT NOT NULL,
  visitors BIGINT NOT NULL,
  visits BIGINT NOT NULL,
  returning_visits BIGINT NOT NULL,
  bounces BIGINT NOT NULL,
  exits BIGINT NOT NULL,
  seconds BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  millis BIGINT NOT NULL,
  PRIMARY KEY (grain, start, site, path, device, browser, "system")
);

-- The same, summed by site: what a chart reads.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_total (
  grain SMALLINT NOT NULL,
  start BIGINT NOT NULL,
  site TEXT COLLATE "C" NOT NULL,
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
);

-- The same, summed by page: what the page list reads.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_page (
  grain SMALLINT NOT NULL,
  start BIGINT NOT NULL,
  site TEXT COLLATE "C" NOT NULL,
  path TEXT COLLATE "C" NOT NULL,
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
);

-- The same, summed by client: what the lists of clients read. Who its visitors
-- are is not known.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_client (
  grain SMALLINT NOT NULL,
  start BIGINT NOT NULL,
  site TEXT COLLATE "C" NOT NULL,
  device TEXT COLLATE "C" NOT NULL,
  browser TEXT COLLATE "C" NOT NULL,
  "system" TEXT COLLATE "C" NOT NULL,
  views BIGINT NOT NULL,
  visits BIGINT NOT NULL,
  returning_visits BIGINT NOT NULL,
  bounces BIGINT NOT NULL,
  exits BIGINT NOT NULL,
  seconds BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  millis BIGINT NOT NULL,
  PRIMARY KEY (grain, start, site, device, browser, "system")
);

-- All sites together, by day and month: what a page of all sites reads. part
-- tells what a row is of: 0 a path and all clients, 1 a client (device, browser
-- and system) and all paths, 2 a path and a client, by month alone. What it is
-- of all of is ''. So never add up rows of several parts.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_all (
  grain SMALLINT NOT NULL,
  part SMALLINT NOT NULL,
  start BIGINT NOT NULL,
  device TEXT COLLATE "C" NOT NULL,
  browser TEXT COLLATE "C" NOT NULL,
  "system" TEXT COLLATE "C" NOT NULL,
  path TEXT COLLATE "C" NOT NULL,
  views BIGINT NOT NULL,
  visitors BIGINT NOT NULL,
  visits BIGINT NOT NULL,
  returning_visits BIGINT NOT NULL,
  bounces BIGINT NOT NULL,
  exits BIGINT NOT NULL,
  seconds BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  millis BIGINT NOT NULL,
  PRIMARY KEY (grain, part, start, device, browser, "system", path)
);

-- What is counted by name. Category "outcome" has a row for each reason why a
-- hit was or was not a view; a site's outcomes add up to its hits. Of other
-- categories, what is older than UsageRetain events is summed in event "".
-- name: schema
CREATE TABLE IF NOT EXISTS usage_event (
  grain SMALLINT NOT NULL,
  start BIGINT NOT NULL,
  site TEXT COLLATE "C" NOT NULL,
  category TEXT COLLATE "C" NOT NULL,
  event TEXT COLLATE "C" NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (grain, start, site, category, event)
);

-- Distinct visitors by day (its date, as in start), site and category. While the
-- day is open, by node: a visitor of two nodes is in both numbers, and sketch
-- tells who they are by salted hashes, so that they can be merged. When the day
-- is over, that leaves one row, of node '', with one number and no sketch; a day
-- on which a site had hits and no visitors has one, too.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_seen (
  day BIGINT NOT NULL,
  site TEXT COLLATE "C" NOT NULL,
  category TEXT COLLATE "C" NOT NULL,
  node TEXT COLLATE "C" NOT NULL,
  visitors BIGINT NOT NULL,
  sketch TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (day, site, category, node)
);

-- Names of users, where they are stored (UsageUsers stored), by day (its date);
-- deleted when the day is over. Else there is none.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_user (
  day BIGINT NOT NULL,
  site TEXT COLLATE "C" NOT NULL,
  category TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (day, site, category, id)
);

-- Distinct visitors by month: visitors is the sum of the closed days' numbers,
-- days how many days of the month a site had hits on, in the row of category
-- "visitor". So visitors / days is the average of a day.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_average (
  start BIGINT NOT NULL,
  site TEXT COLLATE "C" NOT NULL,
  category TEXT COLLATE "C" NOT NULL,
  visitors BIGINT NOT NULL,
  days BIGINT NOT NULL,
  PRIMARY KEY (start, site, category)
);

-- The newest views of each site (UsageRecent); new is 1 where a visit began.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_recent (
  site TEXT COLLATE "C" NOT NULL,
  time BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  path TEXT COLLATE "C" NOT NULL,
  device TEXT COLLATE "C" NOT NULL,
  browser TEXT COLLATE "C" NOT NULL,
  "system" TEXT COLLATE "C" NOT NULL,
  new SMALLINT NOT NULL,
  PRIMARY KEY (site, time, seq)
);

-- Named points in time: what a release, a campaign or a restart did to the
-- numbers. time is Unix seconds; site '' is for all sites. Marks of category
-- "server" are the servers' own. None is ever deleted by mod_usage.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_mark (
  time BIGINT NOT NULL,
  site TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  category TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (time, site, name, category)
);

-- The servers that write here: the number of each one's last batch, by which
-- it knows after a crash what was written.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_node (
  node TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  batch BIGINT NOT NULL,
  last_flush BIGINT NOT NULL,
  version TEXT COLLATE "C" NOT NULL
);

-- The node that deletes what is old, and until when it may; the time of the last
-- run that came to its end; since when the clock is doubted, or 0.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_lease (
  name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  node TEXT COLLATE "C" NOT NULL,
  expires BIGINT NOT NULL,
  done BIGINT NOT NULL,
  doubted BIGINT NOT NULL
);

-- The salts that servers share (UsageSalt shared; else there is none): of the day
-- that begins with the second day, Unix time, until it expires, one session
-- window after its end. Day 0 has what User-Agents are hashed with; it stays.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_salt (
  day BIGINT NOT NULL PRIMARY KEY,
  expires BIGINT NOT NULL,
  salt TEXT COLLATE "C" NOT NULL
);

-- For people: views by day, with dates.
-- name: schema
CREATE OR REPLACE VIEW usage_daily AS
SELECT to_char(to_timestamp(start) AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
  site, path, device, browser, "system", views, visitors, visits,
  returning_visits, bounces, exits, seconds, bytes, millis
FROM usage_view WHERE grain = 1;

-- For people: views by month, with dates.
-- name: schema
CREATE OR REPLACE VIEW usage_monthly AS
SELECT to_char(to_timestamp(start) AT TIME ZONE 'UTC', 'YYYY-MM') AS month,
  site, path, device, browser, "system", views, visitors, visits,
  returning_visits, bounces, exits, seconds, bytes, millis
FROM usage_view WHERE grain = 2;

-- For people: visitors by day, with dates; on a day that is open, of all nodes.
-- name: schema
CREATE OR REPLACE VIEW usage_daily_visitors AS
SELECT to_char(to_timestamp(day) AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
  site, category, sum(visitors) AS visitors
FROM usage_seen GROUP BY usage_seen.day, site, category;

-- For people: visitors of an average day, by month; of the days that are over.
-- name: schema
CREATE OR REPLACE VIEW usage_monthly_visitors AS
SELECT to_char(to_timestamp(a.start) AT TIME ZONE 'UTC', 'YYYY-MM') AS month,
  a.site, a.category,
  a.visitors * 1.0 / d.days AS visitors_per_day, d.days
FROM usage_average a
JOIN usage_average d
  ON d.start = a.start AND d.site = a.site AND d.category = 'visitor'
WHERE d.days > 0;

-- Last, as it tells that all is there.
-- name: schema
INSERT INTO usage_schema (version) VALUES (1) ON CONFLICT DO NOTHING;
