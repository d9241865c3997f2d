# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m register`, which is the command `register`."""

from register.entrypoints.command_line import main

main(prog_name="register")
