import type { CompletedDirectory } from "../sync/complete.ts";
import { safeText } from "../safe_text.ts";
import { type CompletedJson, completedJson } from "./completed_json.ts";
import { shellMessage } from "./failure.ts";
import type { CliIo } from "./io.ts";

/** How many directories came to which end. */
export interface Tally {
  /** Those that were to be uploaded. */
  tried: number;
  /** Those of them that did not arrive whole. */
  failed: number;
  /** Those that the server was known to have. */
  whole: number;
  /** Those that their own processes deliver. */
  running: number;
  /** Those that nobody has asked to be uploaded. */
  notAsked: number;
}

/** How {@linkcode CompletedSayer} says it. */
export interface SayOptions {
  /** Whether it is all said at the end, as JSON. Default: no. */
  readonly json?: true | undefined;
}

/** Says what became of directories, and counts them. */
export class CompletedSayer {
  /** The counts. */
  readonly tally: Tally = {
    tried: 0,
    failed: 0,
    whole: 0,
    running: 0,
    notAsked: 0,
  };
  /** What became of each, for JSON. */
  readonly all: CompletedJson[] = [];
  readonly #io: CliIo;
  readonly #said = new Set<string>();

  /**
   * @param io Where to.
   * @param options How.
   */
  constructor(io: CliIo, { json }: SayOptions = {}) {
    this.#io = json ? { ...io, stdout: () => {} } : io;
  }

  /**
   * Says what became of a directory.
   *
   * @param done The directory.
   */
  say(done: CompletedDirectory): void {
    const { tally } = this;
    this.all.push(completedJson(done));
    switch (done.state) {
      case "whole":
        tally.whole++;
        return this.#sayStatus(done);
      case "not-asked":
        tally.notAsked++;
        return this.#sayStatus(done);
      case "running":
        tally.running++;
        return;
      case "failed":
        tally.tried++;
        tally.failed++;
        return this.#sayError(done);
      case "uploaded":
        tally.tried++;
        return this.#sayReport(done);
    }
  }

  #sayStatus({ path, wasKilled }: CompletedDirectory): void {
    if (!wasKilled) return;
    this.#io.stdout(
      `${safeText(path)}: its process was killed, status Error\n`,
    );
  }

  /** A server that cannot be used is said once, not for each directory. */
  #sayError({ path, error, wasKilled }: CompletedDirectory): void {
    this.#sayStatus({ path, wasKilled, state: "failed" });
    const message = error === undefined ? "unknown" : shellMessage(error);
    const isKnown = this.#said.has(message);
    this.#said.add(message);
    this.#io.stderr(
      `em: ${safeText(path)}: ${isKnown ? "the same" : safeText(message)}\n`,
    );
  }

  #sayReport({ path, report, wasKilled }: CompletedDirectory): void {
    if (report === undefined) return;
    const { state, sentObjects, sentBytes } = report;
    if (state !== "complete" && state !== "skipped") this.tally.failed++;
    const killed = wasKilled ? "; its process was killed, status Error" : "";
    this.#io.stdout(
      `${
        safeText(path)
      }: ${state}, ${sentObjects} objects (${sentBytes} bytes) sent${killed}\n`,
    );
  }
}
