import type { JoinedRun } from "./joined_run.ts";

/** Records for ranks that hand their metrics to the process that has the run. */
export class RankWriters {
  readonly #dir: string;
  readonly #ranks = new Map<number, Promise<JoinedRun>>();

  /** @param dir The run directory. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /**
   * Finds what a rank records with; made when it is wanted first.
   *
   * @param rank The rank.
   * @returns What it records with.
   * @throws {RangeError} If it is no whole number from 0 on.
   * @throws {InUseError} If another process writes as this rank.
   */
  of(rank: number): Promise<JoinedRun> {
    const known = this.#ranks.get(rank);
    if (known !== undefined) return known;
    const made = this.#make(rank);
    this.#ranks.set(rank, made);
    return made;
  }

  /**
   * Ends the ranks.
   *
   * @param status How they have ended.
   */
  async finish(status: "Complete" | "Error"): Promise<void> {
    const made = await Promise.allSettled(this.#ranks.values());
    for (const rank of made) {
      if (rank.status === "fulfilled") await rank.value.finish({ status });
    }
  }

  async #make(rank: number): Promise<JoinedRun> {
    const { joinDirectory } = await import("./join_directory.ts");
    return joinDirectory(this.#dir, { rank, captureConsole: false });
  }
}
