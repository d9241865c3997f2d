# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the site and the sign-up function both know: pure data, without Pelican, Flask or boto3."""
