-- SPDX-License-Identifier: Apache-2.0
--
-- What the dashboard asks of MariaDB and MySQL in words of their own.

-- name: bots
SELECT concat(substr(category, 5), ' ', event), 0, sum(count) FROM usage_event
WHERE grain = :grain AND start >= :from AND start < :to
  AND (:site = '' OR site = :site) AND substr(category, 1, 4) = 'bot-'
GROUP BY category, event ORDER BY 3 DESC, 1 LIMIT :limit;
