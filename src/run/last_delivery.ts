import type { Reporter } from "../reporter.ts";
import { fingerprint } from "../local/fingerprint.ts";
import { noteWhole } from "../upload/notes/intent.ts";
import { sayOutcome } from "../upload/say_outcome.ts";
import { showDelivery, type ShownDelivery } from "../upload/show_delivery.ts";
import type { Delivery, UploadReport } from "../upload/types.ts";
import { uploadCommand } from "../upload/upload_command.ts";
import type { StartedUpload } from "./run_types.ts";

/** A run that has ended here, and whose delivery is waited for. */
export interface FinishedRun extends StartedUpload {
  /** Its name. */
  readonly name: string;
  /** Its directory. */
  readonly dir: string;
  /** Takes what is worth knowing. */
  readonly reporter: Reporter;
}

/** The wait for the delivery of a run that has ended. */
export class LastDelivery {
  readonly #run: FinishedRun;
  readonly #shown: ShownDelivery;
  #isOver = false;

  /** @param run The run. */
  constructor(run: FinishedRun) {
    const { name, reporter } = run;
    this.#run = run;
    this.#shown = showDelivery({
      title: `Delivering run "${name}"`,
      onSentence: (sentence) => reporter.info(sentence),
    });
  }

  /**
   * Waits, shows how far the delivery has come, and says what became of it.
   *
   * @param timeoutMs How long to wait, in milliseconds.
   * @returns How far it came.
   */
  async wait(timeoutMs: number): Promise<UploadReport> {
    const { name, dir, host, intent, delivery, reporter } = this.#run;
    const { onProgress } = this.#shown;
    const before = await fingerprint(dir);
    const report = await delivery.finish({ timeoutMs, onProgress });
    this.#end();
    if (report.state === "complete" && before !== undefined) {
      const { folder } = intent;
      const isSame = before === await fingerprint(dir);
      if (isSame) {
        noteWhole(dir, { host, folder, fingerprint: before, reporter });
      }
    }
    const words = { kind: "Run", name, dir, host, intent, reporter } as const;
    await sayOutcome(report, words);
    return report;
  }

  /** The process is ended meanwhile: says what is missing. */
  interrupted(): void {
    if (this.#isOver) return;
    this.#end();
    const { name, dir, host, intent, reporter } = this.#run;
    reporter.warn(
      `pending ${dir}`,
      `Run "${name}" is not whole on the server yet (${this.#shown.missing()}); nothing is lost, complete it with: ` +
        uploadCommand(dir, { host, intent }),
    );
  }

  #end(): void {
    this.#isOver = true;
    this.#shown[Symbol.dispose]();
  }
}

/** How long a program that has come to its end without `finish` goes on for its delivery. */
const IDLE_WAIT_MS = 10_000;

/**
 * Lets a delivery catch up while the program has nothing else to do.
 *
 * @param delivery The delivery.
 */
export async function comeToRest(delivery: Delivery): Promise<void> {
  const { state } = await delivery.flush({ timeoutMs: IDLE_WAIT_MS });
  // A request that hangs would keep the process alive for much longer.
  if (state === "pending") delivery.close();
}
