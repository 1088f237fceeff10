/**
 * Asks `nvidia-smi` how the GPUs are.
 *
 * @module
 */

import { granted } from "../local/permissions.ts";

/** What became of a question. */
export type GpuAnswer =
  | {
    readonly state: "answered";
    /** The values by metric name. */
    readonly values: Readonly<Record<string, number>>;
  }
  /** There is no such program: a machine without GPUs of this kind. */
  | { readonly state: "missing" }
  | {
    readonly state: "failed";
    /** Why, as a part of a sentence. */
    readonly reason: string;
  };

/** How {@linkcode askGpus} asks. */
export interface AskGpusOptions {
  /** How long to wait for an answer, in milliseconds. Default: 5000. */
  readonly timeoutMs?: number;
  /** Ends the wait, and the process. Default: none. */
  readonly signal?: AbortSignal;
  /** Is told that a process is being started ({@linkcode STARTING}), then its id, and 0 when it is gone. */
  readonly onProcess?: (pid: number) => void;
}

/** Stands for the id of a process that is being started. */
export const STARTING = -1;

const TIMEOUT_MS = 5_000;
/** More than any machine has GPUs. */
const LONGEST_ANSWER_BYTES = 64 * 1024;
const MIB_PER_GIB = 1024;

const FIELDS =
  "index,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw";

/**
 * Asks how the GPUs are, once.
 *
 * @param options How long it may take.
 * @returns The answer; never an error, whatever the program does.
 */
export async function askGpus(
  options: AskGpusOptions = {},
): Promise<GpuAnswer> {
  const { timeoutMs = TIMEOUT_MS, signal, onProcess = () => {} } = options;
  onProcess(STARTING);
  const child = start();
  onProcess("state" in child ? 0 : child.pid);
  if ("state" in child) return child;
  const late = Promise.withResolvers<"late">();
  const giveUp = () => late.resolve("late");
  const timer = setTimeout(giveUp, timeoutMs);
  signal?.addEventListener("abort", giveUp);
  try {
    const ended = Promise.all([readStart(child.stdout), child.status]);
    const first = await Promise.race([ended, late.promise]);
    if (first !== "late") return answerOf(...first);
    child.kill("SIGKILL");
    killGroup(child.pid);
    const seconds = timeoutMs / 1000;
    return {
      state: "failed",
      reason: `it has not answered within ${seconds} s`,
    };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
    onProcess(0);
  }
}

function start(): Deno.ChildProcess | GpuAnswer {
  try {
    return new Deno.Command("nvidia-smi", {
      args: [`--query-gpu=${FIELDS}`, "--format=csv,noheader,nounits"],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
      detached: leadsGroup(),
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { state: "missing" };
    if (!(error instanceof Error)) throw error;
    return {
      state: "failed",
      reason: `it cannot be started: ${error.message}`,
    };
  }
}

/** Who may run every program may end every process, and so all that one has started. */
function leadsGroup(): boolean {
  return Deno.build.os !== "windows" && granted({ name: "run" });
}

/**
 * Ends a process that {@linkcode askGpus} has asked, and all that it has started, as far as that is allowed.
 *
 * @param pid Its id.
 */
export function killGroup(pid: number): void {
  if (!leadsGroup()) return;
  try {
    Deno.kill(-pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Reads to the end, or as much as an answer can be long. */
async function readStart(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LONGEST_ANSWER_BYTES) break;
  }
  return text;
}

function answerOf(
  text: string,
  { success, code, signal }: Deno.CommandStatus,
): GpuAnswer {
  const [line = ""] = text.trim().split("\n");
  const said = line.slice(0, 100).replace(/[^ -~]/g, "?");
  const quoted = said === "" ? "nothing" : `"${said}"`;
  if (!success) {
    const how = signal === null ? `exit code ${code}` : signal;
    return {
      state: "failed",
      reason: `it ended with ${how} and said ${quoted}`,
    };
  }
  const values = parseGpus(text);
  return values === undefined
    ? { state: "failed", reason: `it said ${quoted}, which is no answer` }
    : { state: "answered", values };
}

/**
 * Reads the answer of `nvidia-smi`.
 *
 * @param text Its lines: a line a GPU, values with commas between.
 * @returns The values by metric name, without those that a GPU does not have; undefined if this is no answer.
 */
export function parseGpus(
  text: string,
): Readonly<Record<string, number>> | undefined {
  const values: Record<string, number> = {};
  for (const line of text.trim().split("\n")) {
    const fields = line.split(",").map((field) => field.trim());
    const [index = "", ...rest] = fields;
    if (fields.length !== FIELDS.split(",").length || !/^\d+$/.test(index)) {
      return undefined;
    }
    const [percent, used, total, temperature, power] = rest.map(toNumber);
    const told: Record<string, number | undefined> = {
      percent,
      memory_used_gib: used && used / MIB_PER_GIB,
      memory_percent: used !== undefined && total
        ? 100 * used / total
        : undefined,
      temperature_celsius: temperature,
      power_watts: power,
    };
    for (const [name, value] of Object.entries(told)) {
      if (value !== undefined) values[`gpu_${index}_${name}`] = value;
    }
  }
  return values;
}

/** What a GPU cannot tell stands there in words, such as `[N/A]`. */
function toNumber(text: string): number | undefined {
  const number = Number(text);
  return text === "" || Number.isNaN(number) ? undefined : number;
}
