// SPDX-License-Identifier: AGPL-3.0-or-later
import "./parts/dates.js";
import "./parts/copy.js";
import "./parts/rows.js";
