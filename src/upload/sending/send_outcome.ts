import { FileChangedError } from "../../aistore/form_body.ts";
import { classifyLater, type Failure } from "../../aistore/outcome.ts";
import { ConnectionError } from "../../errors.ts";
import type { FileStamp } from "../../local/file_stamp.ts";
import type { ContentHash } from "./content_hash.ts";
import { IN_MEMORY_BYTES } from "./read_snapshot.ts";
import type { StoredObject } from "./stored_objects.ts";

/** What became of a file that was to be sent. */
export type SendOutcome =
  | {
    /** The server has this version. */
    readonly state: "delivered";
    /** The version. */
    readonly stamp: FileStamp;
    /** Whether a later write is certain to change the stamp. */
    readonly settled: boolean;
    /** What the server holds now. */
    readonly stored: StoredObject;
    /** How many bytes were sent; 0 if the server had it already. */
    readonly sentBytes: number;
    /** What was sent: the file, its end, or nothing. */
    readonly sent: "whole" | "tail" | "nothing";
    /** Whether every byte of this version was looked at. */
    readonly isProven: boolean;
    /** What is known of a large file's content, for the next time. */
    readonly growth?: ContentHash | undefined;
  }
  | {
    /** It was changed in place, or vanished, while it was being sent. */
    readonly state: "changed";
    /** How many bytes were sent in vain. */
    readonly sentBytes: number;
  }
  | {
    /** Only its end was to be sent, but what the server has is not its beginning. Nothing was sent. */
    readonly state: "rewritten";
    /** 0. */
    readonly sentBytes: number;
  }
  | {
    /** It cannot be read. */
    readonly state: "unreadable";
    /** Why. */
    readonly reason: string;
  }
  | (Failure & {
    /** How many bytes were sent in vain. */
    readonly sentBytes: number;
    /** The version that was not accepted. */
    readonly stamp: FileStamp;
  });

/** The operating system does not let a file be read. */
export class UnreadableError extends Error {
  /** Why. */
  override readonly cause: Error;

  /** @param cause Why. */
  constructor(cause: Error) {
    super("unreadable", { cause });
    this.cause = cause;
  }
}

/** What an attempt was about that failed. */
export interface FailedAttempt {
  /** The version that was to be sent. */
  readonly stamp: FileStamp;
  /** How many bytes were sent in vain. */
  readonly sentBytes: number;
}

/**
 * Says what became of a file when the attempt to send it failed.
 *
 * @param error What was thrown.
 * @param attempt What was to be sent.
 * @returns The outcome.
 */
export function failedOutcome(
  error: unknown,
  { stamp, sentBytes }: FailedAttempt,
): SendOutcome {
  if (error instanceof FileChangedError) {
    return { state: "changed", sentBytes };
  }
  if (error instanceof UnreadableError) {
    return error.cause instanceof Deno.errors.NotFound
      ? { state: "changed", sentBytes }
      : {
        state: "unreadable",
        reason: `it cannot be read: ${error.cause.message}`,
      };
  }
  // Nothing says how much of what was in memory has gone out.
  const isUnknown = error instanceof ConnectionError &&
    stamp.sizeBytes <= IN_MEMORY_BYTES;
  return {
    ...classifyLater(error),
    sentBytes: isUnknown ? 0 : sentBytes,
    stamp,
  };
}
