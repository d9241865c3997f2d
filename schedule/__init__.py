# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the site and the function both know: pure data, and how templates are read; no Pelican, Flask or boto3."""
