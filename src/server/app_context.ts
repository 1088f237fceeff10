/**
 * What the server's routes share.
 *
 * @module
 */

import type { Reporter } from "../reporter.ts";
import type { Access } from "./access.ts";
import type { Meter } from "./request_data.ts";
import type { Store } from "./store/store.ts";

/** What every route works with. */
export interface AppContext {
  /** What the server keeps. */
  readonly store: Store;
  /** Counts what the server does. */
  readonly meter: Meter;
  /** Where internal errors are said. */
  readonly reporter: Reporter;
  /** Aborted when downloads must break off. */
  readonly signal: AbortSignal;
  /** Whether a piece of an answer has been sent when the next is asked for. Default: false. */
  readonly isSentAtOnce?: boolean | undefined;
}

/** What a request carries on its way through the routes. */
export interface AppEnv {
  /** Set once the user is known. */
  readonly Variables: {
    /** Nodes as the user may see them. */
    access: Access;
  };
}
