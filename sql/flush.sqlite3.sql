-- SPDX-License-Identifier: Apache-2.0
--
-- What the flusher says to SQLite. :words are bound; all else is as it stands.

-- Readers never wait for the flusher (WAL). A commit is on the disk when it
-- returns (FULL), so that a power cut costs one flush interval and no more.
-- The last statement must return no row, and nothing may follow it.
-- name: session
PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 500; PRAGMA synchronous = FULL;

-- Whether the tables are there.
-- name: made
SELECT count(*) FROM sqlite_master WHERE name = 'usage_schema';

-- name: version
SELECT version FROM usage_schema;

-- name: batch_get
SELECT batch FROM usage_node WHERE node = :node;

-- Moves a node from the batch before; changes no row if it stands elsewhere.
-- name: batch_move
INSERT INTO usage_node (node, batch, last_flush, version)
VALUES (:node, :number, :now, :version)
ON CONFLICT (node) DO UPDATE SET
  batch = excluded.batch,
  last_flush = excluded.last_flush,
  version = excluded.version
WHERE usage_node.batch = excluded.batch - 1;

-- name: add_view
INSERT INTO usage_view AS t (grain, start, site, path, device, browser, system,
  views, visitors, visits, returning_visits, bounces, exits, seconds, bytes,
  millis)
VALUES (:grain, :start, :site, :name, :device, :browser, :system,
  :views, :visitors, :visits, :returning_visits, :bounces, :exits, :seconds,
  :bytes, :millis)
ON CONFLICT (grain, start, site, path, device, browser, system) DO UPDATE SET
  views = t.views + excluded.views,
  visitors = t.visitors + excluded.visitors,
  visits = t.visits + excluded.visits,
  returning_visits = t.returning_visits + excluded.returning_visits,
  bounces = t.bounces + excluded.bounces,
  exits = t.exits + excluded.exits,
  seconds = t.seconds + excluded.seconds,
  bytes = t.bytes + excluded.bytes,
  millis = t.millis + excluded.millis;

-- name: add_total
INSERT INTO usage_total AS t (grain, start, site, views, visitors, visits,
  returning_visits, bounces, exits, seconds, bytes, millis)
VALUES (:grain, :start, :site, :views, :visitors, :visits,
  :returning_visits, :bounces, :exits, :seconds, :bytes, :millis)
ON CONFLICT (grain, start, site) DO UPDATE SET
  views = t.views + excluded.views,
  visitors = t.visitors + excluded.visitors,
  visits = t.visits + excluded.visits,
  returning_visits = t.returning_visits + excluded.returning_visits,
  bounces = t.bounces + excluded.bounces,
  exits = t.exits + excluded.exits,
  seconds = t.seconds + excluded.seconds,
  bytes = t.bytes + excluded.bytes,
  millis = t.millis + excluded.millis;

-- name: add_page
INSERT INTO usage_page AS t (grain, start, site, path, views, visitors, visits,
  returning_visits, bounces, exits, seconds, bytes, millis)
VALUES (:grain, :start, :site, :name, :views, :visitors, :visits,
  :returning_visits, :bounces, :exits, :seconds, :bytes, :millis)
ON CONFLICT (grain, start, site, path) DO UPDATE SET
  views = t.views + excluded.views,
  visitors = t.visitors + excluded.visitors,
  visits = t.visits + excluded.visits,
  returning_visits = t.returning_visits + excluded.returning_visits,
  bounces = t.bounces + excluded.bounces,
  exits = t.exits + excluded.exits,
  seconds = t.seconds + excluded.seconds,
  bytes = t.bytes + excluded.bytes,
  millis = t.millis + excluded.millis;

-- name: add_event
INSERT INTO usage_event AS t (grain, start, site, category, event, count)
VALUES (:grain, :start, :site, :category, :name, :views)
ON CONFLICT (grain, start, site, category, event) DO UPDATE SET
  count = t.count + excluded.count;

-- name: seen_get
SELECT sketch, 0, visitors FROM usage_seen
WHERE day = :day AND site = :site AND category = :category AND node = :node;

-- name: seen_put
INSERT INTO usage_seen (day, site, category, node, visitors, sketch)
VALUES (:day, :site, :category, :node, :visitors, :sketch)
ON CONFLICT (day, site, category, node) DO UPDATE SET
  visitors = excluded.visitors,
  sketch = excluded.sketch;

-- name: seen_close
UPDATE usage_seen SET sketch = ''
WHERE node = :node AND day < :day AND sketch <> '';

-- name: recent_put
INSERT INTO usage_recent (site, time, seq, path, device, browser, system, new)
VALUES (:site, :time, :sequence, :name, :device, :browser, :system, :new)
ON CONFLICT (site, time, seq) DO NOTHING;

-- What a clock that was ahead has left would be the newest for long.
-- name: recent_trim
DELETE FROM usage_recent
WHERE site = :site AND (time > :now OR (time, seq) <= (
  SELECT time, seq FROM usage_recent WHERE site = :site AND time <= :now
  ORDER BY time DESC, seq DESC LIMIT 1 OFFSET :keep));
