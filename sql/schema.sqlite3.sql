-- SPDX-License-Identifier: Apache-2.0
--
-- The tables of mod_usage in SQLite, version 1. The first flush makes them;
-- `sqlite3 usage.db < schema.sqlite3.sql` does the same, but then give the
-- file to the server's user.
--
-- grain is the length of an interval: 0 base (UsageInterval), 1 day, 2 month;
-- every count is in all three, so never add grains up. start of a base interval
-- is its first second, Unix time. Of a day or a month of the site's time zone it
-- is the date, as the Unix time when that begins in UTC: date() tells it, and it
-- is the same for all zones. site is a virtual host; "*" took counts that
-- the full table had no room for, as did path "/*". Columns are counts, but:
-- seconds is time from a view to the visit's next one, bytes what was queued
-- as bodies, millis the time until responses were generated.

-- What is deleted can be given back to the file system (connect.sqlite3.sql says
-- the same): only of a file that is made after this.
PRAGMA auto_vacuum = INCREMENTAL;

-- name: schema
CREATE TABLE IF NOT EXISTS usage_schema (
  version INTEGER NOT NULL PRIMARY KEY
) WITHOUT ROWID;

-- Views by all that is known of them.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_view (
  grain INTEGER NOT NULL,
  start INTEGER NOT NULL,
  site TEXT NOT NULL,
  path TEXT NOT NULL,
  device TEXT NOT NULL,
  browser TEXT NOT NULL,
  "system" TEXT NOT NULL,
  views INTEGER NOT NULL,
  visitors INTEGER NOT NULL,
  visits INTEGER NOT NULL,
  returning_visits INTEGER NOT NULL,
  bounces INTEGER NOT NULL,
  exits INTEGER NOT NULL,
  seconds INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  millis INTEGER NOT NULL,
  PRIMARY KEY (grain, start, site, path, device, browser, "system")
) WITHOUT ROWID;

-- The same, summed by site: what a chart reads.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_total (
  grain INTEGER NOT NULL,
  start INTEGER NOT NULL,
  site TEXT NOT NULL,
  views INTEGER NOT NULL,
  visitors INTEGER NOT NULL,
  visits INTEGER NOT NULL,
  returning_visits INTEGER NOT NULL,
  bounces INTEGER NOT NULL,
  exits INTEGER NOT NULL,
  seconds INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  millis INTEGER NOT NULL,
  PRIMARY KEY (grain, start, site)
) WITHOUT ROWID;

-- The same, summed by page: what the page list reads.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_page (
  grain INTEGER NOT NULL,
  start INTEGER NOT NULL,
  site TEXT NOT NULL,
  path TEXT NOT NULL,
  views INTEGER NOT NULL,
  visitors INTEGER NOT NULL,
  visits INTEGER NOT NULL,
  returning_visits INTEGER NOT NULL,
  bounces INTEGER NOT NULL,
  exits INTEGER NOT NULL,
  seconds INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  millis INTEGER NOT NULL,
  PRIMARY KEY (grain, start, site, path)
) WITHOUT ROWID;

-- The same, summed by client: what the lists of clients read. Who its visitors
-- are is not known.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_client (
  grain INTEGER NOT NULL,
  start INTEGER NOT NULL,
  site TEXT NOT NULL,
  device TEXT NOT NULL,
  browser TEXT NOT NULL,
  "system" TEXT NOT NULL,
  views INTEGER NOT NULL,
  visits INTEGER NOT NULL,
  returning_visits INTEGER NOT NULL,
  bounces INTEGER NOT NULL,
  exits INTEGER NOT NULL,
  seconds INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  millis INTEGER NOT NULL,
  PRIMARY KEY (grain, start, site, device, browser, "system")
) WITHOUT ROWID;

-- All sites together, by day and month: what a page of all sites reads. part
-- tells what a row is of: 0 a path and all clients, 1 a client (device, browser
-- and system) and all paths, 2 a path and a client, by month alone. What it is
-- of all of is ''. So never add up rows of several parts.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_all (
  grain INTEGER NOT NULL,
  part INTEGER NOT NULL,
  start INTEGER NOT NULL,
  device TEXT NOT NULL,
  browser TEXT NOT NULL,
  "system" TEXT NOT NULL,
  path TEXT NOT NULL,
  views INTEGER NOT NULL,
  visitors INTEGER NOT NULL,
  visits INTEGER NOT NULL,
  returning_visits INTEGER NOT NULL,
  bounces INTEGER NOT NULL,
  exits INTEGER NOT NULL,
  seconds INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  millis INTEGER NOT NULL,
  PRIMARY KEY (grain, part, start, device, browser, "system", path)
) WITHOUT ROWID;

-- What is counted by name. Category "outcome" has a row for each reason why a
-- hit was or was not a view; a site's outcomes add up to its hits. Categories
-- "bot-search", "bot-ai-crawler", "bot-ai-assistant", "bot-ai-search",
-- "bot-preview", "bot-feed", "bot-monitor", "bot-seo", "bot-security",
-- "bot-library" and "bot-other" have a row for each bot of this kind, with the
-- bot's name as event; "*" took those that the full table had no room for.
-- Of all categories but "outcome", what is older than UsageRetain events is
-- summed in event "".
-- name: schema
CREATE TABLE IF NOT EXISTS usage_event (
  grain INTEGER NOT NULL,
  start INTEGER NOT NULL,
  site TEXT NOT NULL,
  category TEXT NOT NULL,
  event TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (grain, start, site, category, event)
) WITHOUT ROWID;

-- Distinct visitors by day (its date, as in start), site and category. While the
-- day is open, by node: a visitor of two nodes is in both numbers, and sketch
-- tells who they are by salted hashes, so that they can be merged. When the day
-- is over, that leaves one row, of node '', with one number and no sketch; a day
-- on which a site had hits and no visitors has one, too.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_seen (
  day INTEGER NOT NULL,
  site TEXT NOT NULL,
  category TEXT NOT NULL,
  node TEXT NOT NULL,
  visitors INTEGER NOT NULL,
  sketch TEXT NOT NULL,
  PRIMARY KEY (day, site, category, node)
) WITHOUT ROWID;

-- Names of users, where they are stored (UsageUsers stored), by day (its date);
-- deleted when the day is over. Else there is none.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_user (
  day INTEGER NOT NULL,
  site TEXT NOT NULL,
  category TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (day, site, category, id)
) WITHOUT ROWID;

-- Distinct visitors by month: visitors is the sum of the closed days' numbers,
-- days how many days of the month a site had hits on, in the row of category
-- "visitor". So visitors / days is the average of a day.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_average (
  start INTEGER NOT NULL,
  site TEXT NOT NULL,
  category TEXT NOT NULL,
  visitors INTEGER NOT NULL,
  days INTEGER NOT NULL,
  PRIMARY KEY (start, site, category)
) WITHOUT ROWID;

-- The newest views of each site (UsageRecent); new is 1 where a visit began.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_recent (
  site TEXT NOT NULL,
  time INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  path TEXT NOT NULL,
  device TEXT NOT NULL,
  browser TEXT NOT NULL,
  "system" TEXT NOT NULL,
  new INTEGER NOT NULL,
  PRIMARY KEY (site, time, seq)
) WITHOUT ROWID;

-- Named points in time: what a release, a campaign or a restart did to the
-- numbers. time is Unix seconds; site '' is for all sites. Marks of category
-- "server" are the servers' own. None is ever deleted by mod_usage.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_mark (
  time INTEGER NOT NULL,
  site TEXT NOT NULL,
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  PRIMARY KEY (time, site, name, category)
) WITHOUT ROWID;

-- The servers that write here: the number of each one's last batch, by which
-- it knows after a crash what was written.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_node (
  node TEXT NOT NULL PRIMARY KEY,
  batch INTEGER NOT NULL,
  last_flush INTEGER NOT NULL,
  version TEXT NOT NULL
) WITHOUT ROWID;

-- The node that deletes what is old, and until when it may; the time of the last
-- run that came to its end; since when the clock is doubted, or 0.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_lease (
  name TEXT NOT NULL PRIMARY KEY,
  node TEXT NOT NULL,
  expires INTEGER NOT NULL,
  done INTEGER NOT NULL,
  doubted INTEGER NOT NULL
) WITHOUT ROWID;

-- The salts that servers share (UsageSalt shared; else there is none): of the day
-- that begins with the second day, Unix time, until it expires, one session
-- window after its end. Day 0 has what User-Agents are hashed with; it stays.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_salt (
  day INTEGER NOT NULL PRIMARY KEY,
  expires INTEGER NOT NULL,
  salt TEXT NOT NULL
) WITHOUT ROWID;

-- For people: views by day, with dates.
-- name: schema
CREATE VIEW IF NOT EXISTS usage_daily AS
SELECT date(start, 'unixepoch') AS day, site, path, device, browser, "system",
  views, visitors, visits, returning_visits, bounces, exits, seconds, bytes,
  millis
FROM usage_view WHERE grain = 1;

-- For people: views by month, with dates.
-- name: schema
CREATE VIEW IF NOT EXISTS usage_monthly AS
SELECT strftime('%Y-%m', start, 'unixepoch') AS month, site, path, device,
  browser, "system", views, visitors, visits, returning_visits, bounces, exits,
  seconds, bytes, millis
FROM usage_view WHERE grain = 2;

-- For people: visitors by day, with dates; on a day that is open, of all nodes.
-- name: schema
CREATE VIEW IF NOT EXISTS usage_daily_visitors AS
SELECT date(day, 'unixepoch') AS day, site, category,
  sum(visitors) AS visitors
FROM usage_seen GROUP BY usage_seen.day, site, category;

-- For people: visitors of an average day, by month; of the days that are over.
-- name: schema
CREATE VIEW IF NOT EXISTS usage_monthly_visitors AS
SELECT strftime('%Y-%m', a.start, 'unixepoch') AS month, a.site, a.category,
  a.visitors * 1.0 / d.days AS visitors_per_day, d.days
FROM usage_average a
JOIN usage_average d
  ON d.start = a.start AND d.site = a.site AND d.category = 'visitor'
WHERE d.days > 0;

-- Last, as it tells that all is there.
-- name: schema
INSERT OR IGNORE INTO usage_schema (version) VALUES (1);
