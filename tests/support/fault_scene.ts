import { assertLessOrEqual } from "@std/assert";
import { delay } from "@std/async";
import {
  assertArrived,
  isLarge,
  isPut,
  LARGE_BYTES,
  startTrainer,
  type Trained,
  type TrainerOptions,
} from "./fault_run.ts";
import type { Fault, RequestInfo, RequestRecord } from "./faulty_server.ts";
import type { LiveResult, LiveScript } from "./live_script.ts";
import type { ShakyServer } from "./shaky_server.ts";
import { tempDir } from "./temp_dir.ts";
import { waitFor } from "./wait_for.ts";

/** A trainer that is halfway. */
export interface Scene {
  /** The trainer. */
  readonly live: LiveScript;
  /** Has it produce an artifact with a large object, log 100 records more, and go on. */
  readonly mark: () => void;
}

/** What happens to a trainer. */
export interface Play extends Partial<TrainerOptions> {
  /** Lets the fault happen; resolves when it is over. */
  readonly strike: (scene: Scene) => Promise<void>;
  /** How often the large object may go out in vain. Default: never. */
  readonly lostSends?: number;
}

/** What a fault has cost. */
export interface Figures extends Trained {
  /** How the trainer ended. */
  readonly result: LiveResult;
  /** For how long there was a fault, in milliseconds. */
  readonly faultMs: number;
  /** From the end of the fault to the end of the trainer, in milliseconds. */
  readonly recoveryMs: number;
  /** How long all files are together. */
  readonly finalBytes: number;
  /** How many bytes of bodies, or of all that went over the link, the server has got. */
  readonly receivedBytes: number;
  /** How often the large object was sent, if that was seen. */
  readonly largeSends?: number | undefined;
}

/** What is not the size of the files: what is spent on showing them early, and the forms around them. */
const ALLOWED_BYTES = 64 * 1024;
const ALLOWED_RATIO = 1.1;
/** What goes over the link with each request beside its body. */
const HEADER_BYTES = 1024;

/** Trains, lets the fault happen in the middle, and asserts that everything arrived, and was sent about once. */
export async function play(
  server: Pick<ShakyServer, "client" | "apiKey" | "config">,
  { strike, lostSends = 0, ...trainer }: Play,
  seen: { readonly requests: readonly RequestRecord[] } | {
    readonly bytesUp: number;
  },
): Promise<Figures> {
  using temporary = tempDir();
  const { dir = temporary.path, config = server.config } = trainer;
  const live = startTrainer({ ...trainer, dir, config });
  await live.heard("HALF");
  const startMs = performance.now();
  await strike({ live, mark: () => live.tell("mark") });
  const overMs = performance.now();
  live.tell("end");
  const result = await live.end();
  const endMs = performance.now();
  const arrived = await assertArrived(result, { dir, ...server });
  const { finalBytes, requests } = arrived;
  const allowed = ALLOWED_RATIO * finalBytes + ALLOWED_BYTES +
    lostSends * LARGE_BYTES;
  const figures = {
    ...arrived,
    result,
    faultMs: overMs - startMs,
    recoveryMs: endMs - overMs,
  };
  if (!("requests" in seen)) {
    const receivedBytes = seen.bytesUp;
    assertLessOrEqual(receivedBytes, allowed + HEADER_BYTES * requests);
    return { ...figures, receivedBytes };
  }
  const puts = seen.requests.filter(isPut);
  const receivedBytes = puts.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
  const largeSends = puts.filter(isLarge).length;
  assertLessOrEqual(largeSends, 1 + lostSends, "the large object");
  assertLessOrEqual(receivedBytes, allowed, "all objects");
  return { ...figures, receivedBytes, largeSends };
}

/** How a {@linkcode scripted} fault goes on. */
export interface ScriptedOptions {
  /** Which requests it happens to. Default: all. */
  readonly matches?: (request: RequestInfo) => boolean;
  /** How often it happens at least. Default: 4. */
  readonly times?: number;
  /** How often it happens to the large object. Default: 1. */
  readonly timesLarge?: number;
}

/** For how long a scripted fault lasts at least, in milliseconds. */
const SCRIPTED_MS = 2_000;

/** A fault that happens to some requests for a while, then to the large object. */
export function scripted(
  server: ShakyServer,
  fault: Fault,
  options: ScriptedOptions = {},
): (scene: Scene) => Promise<void> {
  const { matches = () => true, times = 4, timesLarge = 1 } = options;
  return async ({ mark }) => {
    let [hits, large] = [0, 0];
    const startMs = performance.now();
    const isBroad = () =>
      hits < times || performance.now() < startMs + SCRIPTED_MS;
    server.faulty.script = (request) => {
      const isOne = isLarge(request) ? large < timesLarge : isBroad();
      if (!matches(request) || !isOne) return undefined;
      hits++;
      if (isLarge(request)) large++;
      return fault;
    };
    mark();
    await delay(SCRIPTED_MS);
    await waitFor(
      "the fault",
      () => isBroad() || large < timesLarge ? undefined : true,
    );
  };
}
