import type { CompletedDirectory } from "../sync/complete.ts";
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
  readonly #io: CliIo;
  readonly #said = new Set<string>();

  /** @param io Where to. */
  constructor(io: CliIo) {
    this.#io = io;
  }

  /**
   * Says what became of a directory.
   *
   * @param done The directory.
   */
  say(done: CompletedDirectory): void {
    const { tally } = this;
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
      `${path}: its process was killed, status Error\n`,
    );
  }

  /** A server that cannot be used is said once, not for each directory. */
  #sayError({ path, error, wasKilled }: CompletedDirectory): void {
    this.#sayStatus({ path, wasKilled, state: "failed" });
    const message = error?.message ?? "unknown";
    const isKnown = this.#said.has(message);
    this.#said.add(message);
    this.#io.stderr(
      `em: ${path}: ${isKnown ? "the same" : message}\n`,
    );
  }

  #sayReport({ path, report, wasKilled }: CompletedDirectory): void {
    if (report === undefined) return;
    const { state, sentObjects, sentBytes } = report;
    if (state !== "complete" && state !== "skipped") this.tally.failed++;
    const killed = wasKilled ? "; its process was killed, status Error" : "";
    this.#io.stdout(
      `${path}: ${state}, ${sentObjects} objects (${sentBytes} bytes) sent${killed}\n`,
    );
  }
}
