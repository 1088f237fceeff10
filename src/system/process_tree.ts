import { parseProcessMemory, parseProcessSeconds } from "./proc_files.ts";

/** What processes take. */
export interface ProcessUse {
  /** How long they have computed, in seconds. */
  readonly cpuSeconds: number;
  /** The memory that they use, in bytes; what several share counts for each. */
  readonly memoryBytes: number;
}

/** A program that makes processes without end must not make this endless. */
const MOST_PROCESSES = 1_000;

/**
 * Looks at a process and all that it has started, by Linux's `/proc`.
 *
 * @param root The process's id.
 * @returns What they take together; what a process has computed that has ended counts where its parent has waited for it.
 */
export function readProcessTree(root: number): ProcessUse {
  let [cpuSeconds, memoryBytes] = [0, 0];
  const pids = [root];
  for (let at = 0; at < pids.length && at < MOST_PROCESSES; at++) {
    const dir = `/proc/${pids[at]}`;
    // It may end while it is looked at.
    unlessGone(() => {
      cpuSeconds += parseProcessSeconds(read(`${dir}/stat`));
      memoryBytes += parseProcessMemory(read(`${dir}/status`));
      for (const { name } of Deno.readDirSync(`${dir}/task`)) {
        unlessGone(() => {
          const children = read(`${dir}/task/${name}/children`);
          pids.push(...children.split(" ").filter(Boolean).map(Number));
        });
      }
    });
  }
  return { cpuSeconds, memoryBytes };
}

function read(path: string): string {
  return Deno.readTextFileSync(path);
}

function unlessGone(look: () => void): void {
  try {
    look();
  } catch (error) {
    const isGone = error instanceof Deno.errors.NotFound ||
      (error instanceof Error && "code" in error && error.code === "ESRCH");
    if (!isGone) throw error;
  }
}
