/**
 * What is known of a request while it is answered, for log and metrics.
 *
 * @module
 */

import type { ClientPace } from "./client_pace.ts";

/** What is known of a request. The rooms that find something out write it here. */
export interface RequestRecord {
  /** By which log and client name the request. */
  readonly id: string;
  /** Knows which clients send too slowly. */
  readonly pace: ClientPace;
  /** Knows which clients read too slowly. */
  readonly sendingPace: ClientPace;
  /** Where it comes from. */
  client: string | undefined;
  /** Who sent it. */
  user: string | undefined;
  /** The pattern of the route that answered it. */
  route: string | undefined;
  /** Bytes of its body that were read. */
  receivedBytes: number;
  /** Bytes of the answer's body that were handed over to be sent. */
  sentBytes: number;
}

const records = new WeakMap<Request, RequestRecord>();

/**
 * Begins to keep a record.
 *
 * @param request The request.
 * @param record What is known of it.
 */
export function keepRecord(request: Request, record: RequestRecord): void {
  records.set(request, record);
}

/**
 * Writes something into a request's record, if there is one.
 *
 * @param request The request.
 * @param facts What was found out.
 */
export function note(
  request: Request,
  facts: Partial<Pick<RequestRecord, "client" | "user" | "route">>,
): void {
  const record = records.get(request);
  if (record) Object.assign(record, facts);
}

/**
 * Finds a record.
 *
 * @param request The request.
 * @returns What is known of it; undefined where nobody asked to keep it.
 */
export function recordOf(request: Request): RequestRecord | undefined {
  return records.get(request);
}
