-- SPDX-License-Identifier: Apache-2.0
--
-- What the flusher says to every database: :words are bound, all else is as it
-- stands. In a statement that adds, the tuple after VALUES is repeated for many
-- rows at a time.

-- name: commit
COMMIT;

-- name: rollback
ROLLBACK;

-- name: version
SELECT coalesce(max(version), 0) FROM usage_schema;

-- name: batch_get
SELECT batch FROM usage_node WHERE node = :node;

-- name: node_add
INSERT INTO usage_node (node, batch, last_flush, version)
VALUES (:node, 0, :now, :version)
ON CONFLICT (node) DO NOTHING;

-- Moves a node from the batch before; changes no row if it stands elsewhere.
-- name: batch_move
UPDATE usage_node SET batch = :number, last_flush = :now, version = :version
WHERE node = :node AND batch + 1 = :number;

-- What a node says that had nothing to write: that it is there.
-- name: node_touch
UPDATE usage_node SET last_flush = :now, version = :version
WHERE node = :node;

-- name: add_view
INSERT INTO usage_view (grain, start, site, path, device, browser, "system",
  views, visitors, visits, returning_visits, bounces, exits, seconds, bytes,
  millis)
VALUES (:grain, :start, :site, :name, :device, :browser, :system,
  :views, :visitors, :visits, :returning_visits, :bounces, :exits, :seconds,
  :bytes, :millis)
ON CONFLICT (grain, start, site, path, device, browser, "system") DO UPDATE SET
  views = usage_view.views + excluded.views,
  visitors = usage_view.visitors + excluded.visitors,
  visits = usage_view.visits + excluded.visits,
  returning_visits = usage_view.returning_visits + excluded.returning_visits,
  bounces = usage_view.bounces + excluded.bounces,
  exits = usage_view.exits + excluded.exits,
  seconds = usage_view.seconds + excluded.seconds,
  bytes = usage_view.bytes + excluded.bytes,
  millis = usage_view.millis + excluded.millis;

-- name: add_total
INSERT INTO usage_total (grain, start, site, views, visitors, visits,
  returning_visits, bounces, exits, seconds, bytes, millis)
VALUES (:grain, :start, :site, :views, :visitors, :visits,
  :returning_visits, :bounces, :exits, :seconds, :bytes, :millis)
ON CONFLICT (grain, start, site) DO UPDATE SET
  views = usage_total.views + excluded.views,
  visitors = usage_total.visitors + excluded.visitors,
  visits = usage_total.visits + excluded.visits,
  returning_visits = usage_total.returning_visits + excluded.returning_visits,
  bounces = usage_total.bounces + excluded.bounces,
  exits = usage_total.exits + excluded.exits,
  seconds = usage_total.seconds + excluded.seconds,
  bytes = usage_total.bytes + excluded.bytes,
  millis = usage_total.millis + excluded.millis;

-- name: add_client
INSERT INTO usage_client (grain, start, site, device, browser, "system", views,
  visits, returning_visits, bounces, exits, seconds, bytes, millis)
VALUES (:grain, :start, :site, :device, :browser, :system, :views, :visits,
  :returning_visits, :bounces, :exits, :seconds, :bytes, :millis)
ON CONFLICT (grain, start, site, device, browser, "system") DO UPDATE SET
  views = usage_client.views + excluded.views,
  visits = usage_client.visits + excluded.visits,
  returning_visits = usage_client.returning_visits + excluded.returning_visits,
  bounces = usage_client.bounces + excluded.bounces,
  exits = usage_client.exits + excluded.exits,
  seconds = usage_client.seconds + excluded.seconds,
  bytes = usage_client.bytes + excluded.bytes,
  millis = usage_client.millis + excluded.millis;

-- name: add_page
INSERT INTO usage_page (grain, start, site, path, views, visitors, visits,
  returning_visits, bounces, exits, seconds, bytes, millis)
VALUES (:grain, :start, :site, :name, :views, :visitors, :visits,
  :returning_visits, :bounces, :exits, :seconds, :bytes, :millis)
ON CONFLICT (grain, start, site, path) DO UPDATE SET
  views = usage_page.views + excluded.views,
  visitors = usage_page.visitors + excluded.visitors,
  visits = usage_page.visits + excluded.visits,
  returning_visits = usage_page.returning_visits + excluded.returning_visits,
  bounces = usage_page.bounces + excluded.bounces,
  exits = usage_page.exits + excluded.exits,
  seconds = usage_page.seconds + excluded.seconds,
  bytes = usage_page.bytes + excluded.bytes,
  millis = usage_page.millis + excluded.millis;

-- name: add_all
INSERT INTO usage_all (grain, part, start, device, browser, "system", path,
  views, visitors, visits, returning_visits, bounces, exits, seconds, bytes,
  millis)
VALUES (:grain, :part, :start, :device, :browser, :system, :name,
  :views, :visitors, :visits, :returning_visits, :bounces, :exits, :seconds,
  :bytes, :millis)
ON CONFLICT (grain, part, start, device, browser, "system", path) DO UPDATE SET
  views = usage_all.views + excluded.views,
  visitors = usage_all.visitors + excluded.visitors,
  visits = usage_all.visits + excluded.visits,
  returning_visits = usage_all.returning_visits + excluded.returning_visits,
  bounces = usage_all.bounces + excluded.bounces,
  exits = usage_all.exits + excluded.exits,
  seconds = usage_all.seconds + excluded.seconds,
  bytes = usage_all.bytes + excluded.bytes,
  millis = usage_all.millis + excluded.millis;

-- name: add_event
INSERT INTO usage_event (grain, start, site, category, event, count)
VALUES (:grain, :start, :site, :category, :name, :views)
ON CONFLICT (grain, start, site, category, event) DO UPDATE SET
  count = usage_event.count + excluded.count;

-- name: add_user
INSERT INTO usage_user (day, site, category, id)
VALUES (:start, :site, :category, :name)
ON CONFLICT (day, site, category, id) DO NOTHING;

-- name: seen_get
SELECT sketch, 0, visitors FROM usage_seen
WHERE day = :day AND site = :site AND category = :category AND node = :node;

-- name: seen_put
INSERT INTO usage_seen (day, site, category, node, visitors, sketch)
VALUES (:day, :site, :category, :node, :visitors, :sketch)
ON CONFLICT (day, site, category, node) DO UPDATE SET
  visitors = excluded.visitors,
  sketch = excluded.sketch;

-- Salts whose days are over; and what a clock that was ahead has left.
-- name: salt_trim
DELETE FROM usage_salt WHERE day <> 0 AND (expires <= :now OR day > :to);

-- The first server's is the one that all use.
-- name: salt_put
INSERT INTO usage_salt (day, expires, salt) VALUES (:day, :expires, :salt)
ON CONFLICT (day) DO NOTHING;

-- name: salts
SELECT salt, day, expires FROM usage_salt ORDER BY day;

-- name: recent_put
INSERT INTO usage_recent (site, time, seq, path, device, browser, "system", new)
VALUES (:site, :time, :sequence, :name, :device, :browser, :system, :new)
ON CONFLICT (site, time, seq) DO NOTHING;

-- The newest view of a site that is one too many, then it and all before it.
-- name: recent_last
SELECT '', time, seq FROM usage_recent WHERE site = :site AND time <= :now
ORDER BY time DESC, seq DESC LIMIT 1 OFFSET :keep;

-- What a clock that was ahead has left would be the newest for long.
-- name: recent_trim
DELETE FROM usage_recent
WHERE site = :site
  AND (time > :now OR time < :time OR time = :time AND seq <= :sequence);

-- What node_touch and batch_move have written last.
-- name: node_version
SELECT version FROM usage_node WHERE node = :node;

-- A mark that a flush wrote before is there already.
-- name: mark_put
INSERT INTO usage_mark (time, site, name, category)
VALUES (:time, :site, :name, :category)
ON CONFLICT (time, site, name, category) DO NOTHING;

-- The one row of a table that all have: until a transaction is over, no other
-- looks whether a mark is there. Run twice, so that the row is as it was, and
-- yet was changed: a Galera cluster sends what was changed to its other nodes,
-- and of two transactions that meet in it lets one be tried again.
-- name: mark_lock
UPDATE usage_schema SET version = -version;

-- A mark that is to be there once, whenever that was. To read the table that
-- is added to is allowed here, even to MySQL.
-- name: mark_put_once
INSERT INTO usage_mark (time, site, name, category)
SELECT :time, :site, :name, :category FROM usage_schema
WHERE NOT EXISTS (SELECT 1 FROM usage_mark
  WHERE site = :site AND name = :name AND category = :category)
LIMIT 1;
