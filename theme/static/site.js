// SPDX-License-Identifier: AGPL-3.0-or-later
// What most pages gain from a script; each part does nothing where its elements are missing. The build puts a file and
// its imports together, so that a page asks for one file and gets only what it can use.
import "./parts/dates.js";
import "./parts/copy.js";
