import type { WatchedRun } from "../display/notebook.ts";
import { type Kernel, kernel } from "../display/kernel.ts";
import type { MimeBundle, RunWatch, WatchOptions } from "../display/types.ts";
import { type Reporter, stderrReporter } from "../reporter.ts";
import type { RunView, RunViewer } from "./run_view.ts";

const DEFAULT_MS = 1_000;
const LEAST_MS = 100;

/** A card on which nothing has changed but the time that has passed is shown again so often. */
const IDLE_MS = 10_000;

let watches = 0;

/**
 * Shows a run in the output of a notebook's cell, and how it changes, until it ends.
 *
 * @param run The run.
 * @param options How often.
 * @returns Ends it.
 * @throws {TypeError} If `everyMs` is no number.
 * @throws {RangeError} If it is less than 100.
 */
export function watchRun(
  run: WatchedRun,
  { everyMs = DEFAULT_MS }: WatchOptions = {},
): RunWatch {
  if (typeof everyMs !== "number") {
    throw new TypeError(
      `Cannot watch: everyMs must be a number, and is ${typeof everyMs}`,
    );
  }
  if (!(everyMs >= LEAST_MS)) {
    throw new RangeError(
      `Cannot watch: everyMs must be at least ${LEAST_MS}, and is ${everyMs}`,
    );
  }
  const notebook = kernel();
  if (notebook !== undefined) return new NotebookWatch(run, notebook, everyMs);
  stderrReporter.warn(
    "watch outside a notebook",
    `run.watch() shows something only in a notebook; elsewhere "em tail -f" and "em ui" show a run that goes on`,
  );
  return noWatch;
}

const noWatch: RunWatch = {
  stop: () => Promise.resolve(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** One look follows the other, never two at once. */
class NotebookWatch implements RunWatch {
  readonly #run: WatchedRun;
  readonly #kernel: Kernel;
  readonly #everyMs: number;
  readonly #reporter: Reporter = stderrReporter;
  readonly #displayId: string;
  readonly #forget: () => void;
  #viewer: RunViewer | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #look: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;
  #shown = "";
  #shownMs = 0;

  constructor(run: WatchedRun, kernel: Kernel, everyMs: number) {
    this.#run = run;
    this.#kernel = kernel;
    this.#everyMs = everyMs;
    this.#displayId = `em-${run.alternativeName}-${++watches}`;
    this.#forget = run.onOver(() => this.stop());
    // At once, so that it is in the output of the cell that asked for it, whatever is run next.
    const first = { "text/plain": `Watching run "${run.name}"` };
    this.#look = this.#show(first, "display_data").then(() => this.#update());
    this.#goOn();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** In the output of a cell that ends with it nothing is to be seen of it but what it shows. */
  [Symbol.for("Jupyter.display")](): MimeBundle {
    return { "text/plain": "", "text/html": "" };
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#forget();
    await this.#look;
    await this.#update();
  }

  /** An idle kernel does not look at timers that nobody waits for, and ends whatever timers there are. */
  #goOn(): void {
    this.#timer = setTimeout(async () => {
      await this.#look;
      if (this.#stopped !== undefined) return;
      this.#look = this.#update();
      await this.#look;
      if (this.#stopped === undefined) this.#goOn();
    }, this.#everyMs);
  }

  /** Never rejects: nobody would be there to hear it. */
  async #update(): Promise<void> {
    try {
      this.#viewer ??= await openViewer(this.#run.local);
      const view = await this.#viewer.look();
      const now = performance.now();
      const content = contentOf(view);
      const isSame = content === this.#shown;
      if (isSame && now - this.#shownMs < IDLE_MS) return;
      const { runBundle } = await import("./run_bundle.ts");
      await this.#show(runBundle(view), "update_display_data");
      this.#shown = content;
      this.#shownMs = now;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#reporter.warn(
        `watch ${this.#run.local}`,
        `Cannot show run "${this.#run.name}": ${error.message}`,
      );
    }
  }

  async #show(data: MimeBundle, kind: string): Promise<void> {
    await this.#kernel.broadcast(kind, {
      data,
      metadata: {},
      transient: { display_id: this.#displayId },
    });
  }
}

async function openViewer(dir: string): Promise<RunViewer> {
  const { RunViewer } = await import("./run_view.ts");
  const { LocalSource } = await import("../reading/local_source.ts");
  return new RunViewer(new LocalSource(dir));
}

/** What tells whether anything has changed but the time that has passed. */
function contentOf(view: RunView): string {
  const { status, state, series, hparams, labels, problems } = view;
  const counts = series.map(({ type, name, count }) => [type, name, count]);
  return [status, state, ...counts, ...hparams, ...labels, ...problems].join(
    "\n",
  );
}
