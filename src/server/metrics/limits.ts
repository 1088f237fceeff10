/**
 * The limits of questions about runs.
 *
 * @module
 */

/** How many nodes may be named in a question. */
export const MAX_NODES = 1000;

/** How many metrics may be named in a question. */
export const MAX_METRICS = 1000;

/** How many series an answer with points may be of. */
export const MAX_SERIES_ASKED = 2000;

/** How many buckets a series may be divided into. */
export const MAX_BUCKETS = 10_000;

/** Into how many it is divided when the client does not say. */
export const DEFAULT_BUCKETS = 1000;

/** How many columns may be asked for. */
export const MAX_COLUMNS = 300;

/** Rows a page when the client does not say. */
export const DEFAULT_ROWS = 100;

/** Of how many nodes one stream tells events. */
export const MAX_HEARD_NODES = 64;

/** How many streams of events there may be at once. */
export const MAX_STREAMS = 1000;

/** After how long an answer that takes longer lets others have their turn. */
export const TURN_MS = 10;
