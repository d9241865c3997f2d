# SPDX-License-Identifier: AGPL-3.0-or-later
"""What tests share: factories, readers and stand-ins, by what they are about."""
