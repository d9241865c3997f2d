# SPDX-License-Identifier: AGPL-3.0-or-later
"""Amazon's cloud: the template, and what puts the function into the folder that it deploys."""
