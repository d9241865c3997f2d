# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses of the staff desk, as a part of the site's (`schedule.addresses`). None says a name or an email."""

from __future__ import annotations


class StaffAddresses:
    """What is below the address of the staff desk."""

    __slots__ = ()

    def _of_function(self, path: str) -> str:
        raise NotImplementedError

    @property
    def staff(self) -> str:
        """The staff desk; all other addresses of it are below."""
        return self._of_function("staff/")

    def staff_sign_in(self, token: str) -> str:
        """Return the address by which somebody among staff signs in; the token is good once."""
        return f"{self.staff}in/{token}"

    @property
    def staff_sign_out(self) -> str:
        """Where the form goes that ends all sign-ins of somebody among staff."""
        return f"{self.staff}out"

    @property
    def staff_search(self) -> str:
        """Where the form goes that looks for people."""
        return f"{self.staff}search"

    def staff_session(self, session_id: str) -> str:
        """Return the address of a session's roster."""
        return f"{self.staff}sessions/{session_id}/"

    def staff_people(self, session_id: str) -> str:
        """Return where the form goes by which staff sign somebody up."""
        return f"{self.staff_session(session_id)}people"

    def staff_person(self, session_id: str, registration_id: str, action: str = "") -> str:
        """Return the page of a registration, or where the form goes that does something about it."""
        person = f"{self.staff_people(session_id)}/{registration_id}"
        return f"{person}/{action}" if action else person

    def staff_attendance(self, session_id: str) -> str:
        """Return the address of who came to a session."""
        return f"{self.staff_session(session_id)}attendance"

    def staff_upload(self, session_id: str) -> str:
        """Return where a report goes that a meeting service has made of who came."""
        return f"{self.staff_attendance(session_id)}/upload"

    def staff_message(self, session_id: str) -> str:
        """Return the address of the form by which staff write to the people of a session."""
        return f"{self.staff_session(session_id)}message"

    def staff_sheet(self, session_id: str) -> str:
        """Return the address of a session's sign-in sheet, for paper."""
        return f"{self.staff_session(session_id)}sheet"

    def staff_roster_csv(self, session_id: str) -> str:
        """Return the address of a session's roster, for a spreadsheet."""
        return f"{self.staff_session(session_id)}roster.csv"

    @property
    def staff_report(self) -> str:
        """How many signed up and came."""
        return f"{self.staff}report"

    @property
    def staff_report_csv(self) -> str:
        """The same for a spreadsheet."""
        return f"{self.staff}report.csv"

    @property
    def staff_new_feed(self) -> str:
        """Where the form goes that gives somebody's private feed a new address."""
        return f"{self.staff}feed"

    def staff_feed(self, token: str) -> str:
        """Return the address of somebody's private feed of their sessions; its token opens nothing else."""
        return f"{self.staff}feed/{token}.ics"
