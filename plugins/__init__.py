# SPDX-License-Identifier: AGPL-3.0-or-later
"""How content becomes a site: Pelican plugins, in the order of PLUGINS in pelicanconf.py."""
