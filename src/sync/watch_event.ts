import type { CompletedDirectory } from "./complete.ts";

/** What a resident did: began to deliver a run that goes on, or tried to complete a directory. */
export type WatchEvent =
  | {
    readonly state: "following";
    /** The run's directory. */
    readonly path: string;
    /** The server's address. */
    readonly host: string;
  }
  | (CompletedDirectory & { readonly state: "uploaded" | "failed" });
