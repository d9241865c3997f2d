# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `infra/deploy.py` does with one account at Amazon: the stack, the secrets, the site's files, the releases."""
