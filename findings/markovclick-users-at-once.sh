#!/usr/bin/env bash
# markovclick 0.1.2: in a log of several users at once nearly every click is a session of its
# own.
#
# Packages: markovclick 0.1.2, numpy 2.4.6, pandas 2.3.3.
#
# Expected: `Sessionise` takes "clickstream data such as server logs" and groups the clicks of
# each cookie so that "the difference between individual clicks does not exceed the maximum
# session timeout". A server's log is in order of time.
#
# Happens: the table is sorted by user and time, and the sorted copy is let go. A session ends
# where the next row is another user, and the time that has passed is that since the row
# before, whoever clicked.
#
# Seen, ten users with three visits of eight clicks each, visits 6 hours apart:
#   in order of user and time   30 sessions (right 30)
#   in order of time           223
#
# Matters for: Markov chains of clicks: with one click a session there are no transitions.
# Sort the table before.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps markovclick==0.1.2
venv/bin/python -W ignore - <<'PY'
import numpy as np
import pandas as pd
from markovclick.preprocessing import Sessionise

USERS, VISITS, CLICKS, TIMEOUT = 10, 3, 8, 30
rng = np.random.default_rng(0)
rows = [
    (f"user{user}", pd.Timestamp("2026-01-01") + pd.Timedelta(hours=6 * visit) + pd.Timedelta(minutes=float(minute)))
    for user in range(USERS)
    for visit in range(VISITS)
    for minute in np.cumsum(rng.uniform(0, 10, CLICKS))
]
log = pd.DataFrame(rows, columns=["cookie", "time"])


def sessions(order):
    """How many sessions the package finds with the rows in this order."""
    table = log.sort_values(order, ignore_index=True)
    return Sessionise(table, unique_id_col="cookie", datetime_col="time", session_timeout=TIMEOUT).assign_sessions()["session_uuid"].nunique()


gaps = log.sort_values(["cookie", "time"]).groupby("cookie")["time"].diff()
right = int((gaps.isna() | (gaps > pd.Timedelta(minutes=TIMEOUT))).sum())
by_user, by_time = sessions(["cookie", "time"]), sessions(["time"])
print(f"{len(log)} clicks: right {right} sessions  rows by user {by_user}  rows by time {by_time}")
assert right == by_user == USERS * VISITS
assert by_time > 5 * right
PY
