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

-- What is counted by name. Category "outcome" has a row for each reason why a
-- hit was or was not a view; a site's outcomes add up to its hits. Categories
-- "bot-search", "bot-ai-crawler", "bot-ai-assistant", "bot-ai-search",
-- "bot-preview", "bot-feed", "bot-monitor", "bot-seo", "bot-security",
-- "bot-library" and "bot-other" have a row for each bot of this kind, with the
-- bot's name as event; "*" took those that the full table had no room for.
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

-- Distinct visitors by day (its date, as in start), site and category; of several
-- nodes, a visitor of both is in both numbers. sketch tells who they are by
-- salted hashes, so that they can be merged; it is '' once the day is over.
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

-- The servers that write here: the number of each one's last batch, by which
-- it knows after a crash what was written.
-- name: schema
CREATE TABLE IF NOT EXISTS usage_node (
  node TEXT NOT NULL PRIMARY KEY,
  batch INTEGER NOT NULL,
  last_flush INTEGER NOT NULL,
  version TEXT NOT NULL
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

-- Last, as it tells that all is there.
-- name: schema
INSERT OR IGNORE INTO usage_schema (version) VALUES (1);
