/**
 * What the server's routes share.
 *
 * @module
 */

import type { Reporter } from "../reporter.ts";
import type { Access } from "./access.ts";
import type { Identity } from "./auth.ts";
import type { ClientInfo } from "./client_info.ts";
import type { Operations } from "./operations/operations.ts";
import type { Meter } from "./request_data.ts";
import type { Store } from "./store/store.ts";

/** A local directory that the server shows: without keys, to whoever reaches it, for reading only. */
export interface ShownDirectory {
  /** The directory's path, as it is shown. */
  readonly path: string;
  /** The user whose tree it is. */
  readonly user: string;
}

/** What every route works with. */
export interface AppContext {
  /** What the server keeps. */
  readonly store: Store;
  /** Counts what the server does. */
  readonly meter: Meter;
  /** Where internal errors are said. */
  readonly reporter: Reporter;
  /** What goes on around requests. Default: nothing, and no pages for those who look after a server. */
  readonly operations?: Operations | undefined;
  /** Aborted when downloads must break off. */
  readonly signal: AbortSignal;
  /** Whether a piece of an answer has been sent when the next is asked for. Default: false. */
  readonly isSentAtOnce?: boolean | undefined;
  /** The clock. Default: the system's. */
  readonly now?: (() => Date) | undefined;
  /** The address under which the server is known. Default: the one that it listens on. */
  readonly publicUrl?: URL | undefined;
  /** Whether `X-Forwarded-…` headers are believed. Default: no. */
  readonly trustProxy?: boolean | undefined;
  /** What is shown, if that is all that the server is for. Default: it is a server for users with keys. */
  readonly shown?: ShownDirectory | undefined;
}

/** What a request carries on its way through the routes. */
export interface AppEnv {
  /** Set for every request. */
  readonly Bindings: {
    /** The other end. */
    readonly client: ClientInfo;
  };
  /** Set once the user is known. */
  readonly Variables: {
    /** Nodes as the user may see them. */
    access: Access;
    /** The user, and by what that is known. */
    identity: Identity;
  };
}
