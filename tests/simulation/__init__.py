# SPDX-License-Identifier: AGPL-3.0-or-later
"""Terms that never happened: months of sign-ups, changes, failures and crashes in seconds, held to a few laws.

Everything that decides is the real part: the web application, sync, the workers and their backend, the stores. Made
up are the people (`cast.py`), what staff write into the schedule (`office.py`), what happens (`events/`), the clock,
the email server (`mail_server.py`) and the calendars of those who get emails. `laws/` says what must hold, after each
step and each day. One seed is one term; `python -m tests.simulation` plays as many as asked for.
"""
