// SPDX-License-Identifier: AGPL-3.0-or-later
import "./parts/dates.js";
import "./parts/filter.js";
import "./parts/chosen-feed.js";
import "./parts/today.js";
import "./parts/copy.js";
import "./parts/rows.js";
