import type { CompletedDirectory } from "../sync/complete.ts";
import { shellMessage } from "./failure.ts";

/** What `--json` says of a directory that was to be uploaded. */
export interface CompletedJson {
  /** The directory. */
  readonly path: string;
  /**
   * `complete`, `pending`, `refused` or `skipped` of what was sent; `failed` if nothing could be sent; `whole` if the
   * server was known to have it, `running` if its own process delivers it, `not-asked` if nobody asked for it.
   */
  readonly state: string;
  /** Whether its process had been killed. */
  readonly wasKilled: boolean;
  /** The server's address; null where it is not known. */
  readonly host: string | null;
  /** The node's path on the server; null where it is not known. */
  readonly node: string | null;
  /** How many objects were sent. */
  readonly sentObjects: number;
  /** How many bytes of objects were sent. */
  readonly sentBytes: number;
  /** The files that are still to be sent, and those that the server does not want, each with the reason. */
  readonly pending: readonly {
    readonly path: string;
    readonly reason: string;
  }[];
  readonly refused: readonly {
    readonly path: string;
    readonly reason: string;
  }[];
  /** What stood in the way; null if nothing did. */
  readonly error: string | null;
}

/**
 * What became of a directory, as JSON says it.
 *
 * @param done The directory.
 * @returns The object.
 */
export function completedJson(done: CompletedDirectory): CompletedJson {
  const { path, state, wasKilled, host, report, error } = done;
  const files = (all: CompletedJson["pending"] = []) =>
    all.map(({ path, reason }) => ({ path, reason }));
  const trouble = error ?? report?.error;
  return {
    path,
    state: report?.state ?? state,
    wasKilled,
    host: host ?? null,
    node: report?.node?.path ?? null,
    sentObjects: report?.sentObjects ?? 0,
    sentBytes: report?.sentBytes ?? 0,
    pending: files(report?.pending),
    refused: files(report?.refused),
    error: trouble === undefined ? null : shellMessage(trouble),
  };
}
