# SPDX-License-Identifier: Apache-2.0
"""SQL that writes as flushes of earlier days would have."""

import datetime


def counted(day, site="site.test"):
    """SQL of a view on a day: what comes after it can be compared."""
    date = datetime.datetime.fromtimestamp(day, datetime.timezone.utc)
    month = int(date.replace(day=1).timestamp())
    return "".join(
        "INSERT INTO usage_total (grain, start, site, views, visitors, visits,"
        " returning_visits, bounces, exits, seconds, bytes, millis) "
        f"SELECT {grain}, {start}, '{site}', 1, 1, 1, 0, 0, 0, 0, 0, 0 "
        "FROM (SELECT 1) AS one WHERE NOT EXISTS (SELECT 1 FROM usage_total "
        f"WHERE grain = {grain} AND start = {start} AND site = '{site}');"
        for grain, start in ((1, day), (2, month)))
