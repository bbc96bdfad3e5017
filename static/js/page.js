// What every page has: the theme switch, the keys, and words for screen readers.
import "./theme.js";
import "./keys.js";
import "./grace.js";
import "./seen.js";
import "./live.js";
import "./attention.js";
import "./anything.js";
import "./rooms.js";
