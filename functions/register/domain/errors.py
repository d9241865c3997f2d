# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the function refuses or cannot do, as data; each message names the thing, the value and the next step."""

from __future__ import annotations

from datetime import datetime, timedelta


class RegisterError(Exception):
    """Base of all errors that the sign-up function raises."""


class Refused(RegisterError):
    """Somebody asked for what the rules do not give; nothing was written but hits of limits."""


class UnknownSession(Refused):
    """There is no session of that id (any more)."""

    def __init__(self, session_id: str) -> None:
        super().__init__(f"no session {session_id!r}; see the schedule for the ones there are")
        self.session_id = session_id


class SessionCancelled(Refused):
    """The session does not take place."""

    def __init__(self, session_id: str) -> None:
        super().__init__(f"{session_id}: is canceled; choose another session")
        self.session_id = session_id


class SessionOver(Refused):
    """The session has taken place."""

    def __init__(self, session_id: str, ended: datetime) -> None:
        super().__init__(f"{session_id}: ended at {ended:%Y-%m-%dT%H:%MZ}; choose another session")
        self.session_id = session_id
        self.ended = ended


class SignUpClosed(Refused):
    """The time to sign up is over."""

    def __init__(self, session_id: str, closed: datetime) -> None:
        super().__init__(f"{session_id}: sign-up closed at {closed:%Y-%m-%dT%H:%MZ}; choose another session")
        self.session_id = session_id
        self.closed = closed


class LineClosed(Refused):
    """There is no seat to give away, and nobody joins the line so shortly before the start."""

    def __init__(self, session_id: str, closed: datetime) -> None:
        super().__init__(
            f"{session_id}: no seat is free, or somebody waits for it, and the waiting list closed at "
            f"{closed:%Y-%m-%dT%H:%MZ}; staff may give a seat that is free to somebody: register add --late"
        )
        self.session_id = session_id
        self.closed = closed


class TooManyNames(Refused):
    """One email address has signed up as many people as it may."""

    def __init__(self, session_id: str, most: int) -> None:
        super().__init__(f"{session_id}: one email address may sign up {most} people; use another")
        self.session_id = session_id
        self.most = most


class LimitReached(Refused):
    """Too much of one kind in one window of time; `what` is `client` or `recipient`, never whose."""

    def __init__(self, what: str, most: int, window: timedelta) -> None:
        super().__init__(f"limit by {what}: {most} in {window}; try again later")
        self.what = what
        self.most = most
        self.window = window


class UnknownRegistration(Refused):
    """A registration that is not there, or that a newer one of the same person has replaced."""

    def __init__(self, session_id: str) -> None:
        super().__init__(f"{session_id}: no such registration; the newest email has the link that works")
        self.session_id = session_id


class NotActive(Refused):
    """A registration that was canceled: there is nothing to correct or to move."""

    def __init__(
        self, session_id: str, problem: str = "this registration is canceled; sign up again"
    ) -> None:
        super().__init__(f"{session_id}: {problem}")
        self.session_id = session_id


class StillWaits(NotActive):
    """Somebody without a seat is to be ticked."""

    def __init__(self, session_id: str) -> None:
        super().__init__(session_id, "this person waits and has no seat; add them as a walk-in")


class TooEarly(Refused):
    """Nobody can have come yet: attendance opens shortly before the start."""

    def __init__(self, session_id: str, opens: datetime) -> None:
        super().__init__(f"{session_id}: attendance opens at {opens:%Y-%m-%dT%H:%MZ}; come back then")
        self.session_id = session_id
        self.opens = opens


class PersonTaken(Refused):
    """Another registration has the name and the email address that one is to be corrected to."""

    def __init__(self, session_id: str) -> None:
        super().__init__(
            f"{session_id}: this name is signed up with this email address already; cancel one of the two"
        )
        self.session_id = session_id


class SessionStarted(Refused):
    """The session has begun, so that nobody moves from it any more."""

    def __init__(self, session_id: str, started: datetime) -> None:
        super().__init__(
            f"{session_id}: began at {started:%Y-%m-%dT%H:%MZ}; sign up for the other date instead"
        )
        self.session_id = session_id
        self.started = started


class SameSession(Refused):
    """Somebody is to move to the session that they are signed up for."""

    def __init__(self, session_id: str) -> None:
        super().__init__(f"{session_id}: is the date itself; choose another one")
        self.session_id = session_id


class OtherTraining(Refused):
    """Somebody is to move to a session of another training."""

    def __init__(self, session_id: str, to: str) -> None:
        super().__init__(f"{to}: is no date of the training of {session_id}; sign up for it instead")
        self.session_id = session_id
        self.to = to


class ConfigError(RegisterError):
    """A setting that cannot be used; the message names it, and the value where that is no secret."""
