import { SendBudget } from "../../../src/upload/schedule/send_budget.ts";
import { TrackedFile } from "../../../src/upload/following/tracked_file.ts";

/** A file of a simulated run: its size and version at a moment, in milliseconds since the start. */
export interface SimulatedFile {
  /** Its key. */
  readonly key: string;
  /** Its size; 0 while it is not there. */
  sizeAt(ms: number): number;
  /** A number that is another one when what was there before was changed. Default: it never is. */
  versionAt?(ms: number): number;
}

/** What a simulated run has cost. */
export interface SimulatedCost {
  /** Bytes sent over final bytes, had the run ended at this moment, by milliseconds since the start. */
  readonly ratios: ReadonlyMap<number, number>;
  /** All bytes that were sent, the end included. */
  readonly sentBytes: number;
  /** The size of all files at the end. */
  readonly finalBytes: number;
  /** How many requests with content there were. */
  readonly requests: number;
  /** The longest time that a change of a file was not on the server, by key, in milliseconds. */
  readonly lagMs: ReadonlyMap<string, number>;
  /** The greatest age of what the server had of a file that only grows, by key, in milliseconds, for each minute. */
  readonly behindMs: ReadonlyMap<string, readonly number[]>;
  /** The smallest share of a file that the server had, once it was larger than 64 KiB, by key. */
  readonly leastShare: ReadonlyMap<string, number>;
}

/** How long a simulated run takes, and what the server can. */
export interface SimulationOptions {
  readonly endMs: number;
  readonly canAppend: boolean;
  /** How often the directory is looked at, in milliseconds. Default: 250. */
  readonly lookMs?: number;
}

interface Simulated {
  readonly file: SimulatedFile;
  tracked: TrackedFile | undefined;
  size: number;
  version: number;
  mtimeMs: number;
  storedSize: number;
  storedVersion: number;
  behindSinceMs: number | undefined;
}

const STORED = { checksum: "" };

/**
 * Follows the files of a run on a clock of its own: what is decided is the product's, what is sent is counted. At every
 * look it is added up what the run would have cost if it had ended there.
 */
export function simulateRun(
  files: readonly SimulatedFile[],
  { endMs, canAppend, lookMs = 250 }: SimulationOptions,
): SimulatedCost {
  const proof = { isWanted: false };
  const all: Simulated[] = files.map((file) => ({
    file,
    tracked: undefined,
    size: 0,
    version: 0,
    mtimeMs: 0,
    storedSize: 0,
    storedVersion: 0,
    behindSinceMs: undefined,
  }));
  const ratios = new Map<number, number>();
  const lagMs = new Map<string, number>();
  const leastShare = new Map<string, number>();
  const behindMs = new Map<string, number[]>();
  let [sentBytes, requests, look] = [0, 0, 0];
  const finalCost = (one: Simulated) => {
    if (isStored(one)) return 0;
    return canAppend && one.storedVersion === one.version
      ? one.size - one.storedSize
      : one.size;
  };
  const sum = (of: (one: Simulated) => number) =>
    all.reduce((total, one) => total + of(one), 0);

  for (let nowMs = 0; nowMs <= endMs; nowMs += lookMs) {
    look++;
    for (const one of all) see(one, { nowMs, look, proof });
    const present = all.flatMap(({ tracked }) => tracked ?? []);
    const budget = new SendBudget(
      present.map(({ account }) => account),
      canAppend,
    );
    const bySize = all.toSorted((a, b) => a.size - b.size);
    for (const one of bySize) {
      const { tracked } = one;
      if (tracked?.isDirty !== true) continue;
      const decision = tracked.decide({
        nowMs,
        demand: undefined,
        storedBytes: one.storedSize || undefined,
        canAppend,
        budget,
      });
      if (!decision.send) continue;
      const before = tracked.account;
      sentBytes += deliver(one, tracked, {
        nowMs,
        look,
        canAppend,
        limitBytes: decision.plan.limitBytes,
      });
      requests++;
      budget.spend(before, tracked.account);
    }
    for (const one of all) note(one, nowMs);
    ratios.set(nowMs, (sentBytes + sum(finalCost)) / sum(({ size }) => size));
  }
  return {
    ratios,
    sentBytes: sentBytes + sum(finalCost),
    finalBytes: sum(({ size }) => size),
    requests,
    lagMs,
    leastShare,
    behindMs,
  };

  function note(one: Simulated, nowMs: number): void {
    const { key } = one.file;
    const minute = Math.floor(nowMs / 60_000);
    const ages = behindMs.get(key) ?? [];
    ages[minute] = Math.max(ages[minute] ?? 0, nowMs - lastAt(one, nowMs));
    behindMs.set(key, ages);
    if (isStored(one)) one.behindSinceMs = undefined;
    else one.behindSinceMs ??= nowMs;
    const lag = nowMs - (one.behindSinceMs ?? nowMs);
    lagMs.set(key, Math.max(lagMs.get(key) ?? 0, lag));
    if (one.size > 64 * 1024) {
      const share = Math.min(1, one.storedSize / one.size);
      leastShare.set(key, Math.min(leastShare.get(key) ?? 1, share));
    }
  }
}

/** The last moment at which a file was no longer than what the server has of it. */
function lastAt({ file, storedSize }: Simulated, nowMs: number): number {
  let [from, to] = [0, nowMs];
  if (file.sizeAt(nowMs) <= storedSize) return nowMs;
  while (to - from > 1) {
    const middle = (from + to) / 2;
    if (file.sizeAt(middle) <= storedSize) from = middle;
    else to = middle;
  }
  return from;
}

function isStored(one: Simulated): boolean {
  return one.storedSize === one.size && one.storedVersion === one.version;
}

function see(
  one: Simulated,
  at: {
    readonly nowMs: number;
    readonly look: number;
    readonly proof: { isWanted: boolean };
  },
): void {
  const size = one.file.sizeAt(at.nowMs);
  const version = one.file.versionAt?.(at.nowMs) ?? 0;
  if (size === 0) return;
  if (size !== one.size || version !== one.version) one.mtimeMs = at.nowMs;
  [one.size, one.version] = [size, version];
  const stamp = { sizeBytes: size, mtimeMs: one.mtimeMs, inode: 1 + version };
  if (one.tracked === undefined) {
    one.tracked = new TrackedFile(one.file.key, stamp, at);
  } else one.tracked.see(stamp, at);
}

/** Sends a file; how many bytes that takes. */
function deliver(
  one: Simulated,
  tracked: TrackedFile,
  at: {
    readonly nowMs: number;
    readonly look: number;
    readonly canAppend: boolean;
    readonly limitBytes: number | undefined;
  },
): number {
  const isTail = at.canAppend && one.storedVersion === one.version &&
    one.storedSize > 0;
  const sizeBytes = at.limitBytes ?? one.size;
  const sentBytes = isTail ? one.size - one.storedSize : sizeBytes;
  one.storedSize = sizeBytes;
  one.storedVersion = one.version;
  tracked.settle({
    state: "delivered",
    stamp: { sizeBytes, mtimeMs: one.mtimeMs, inode: 1 + one.version },
    settled: true,
    stored: { ...STORED, sizeBytes },
    sentBytes,
    sent: isTail ? "tail" : "whole",
    isProven: true,
  }, at);
  return sentBytes;
}

/** A file that gets records of a size at a rate. */
export function growing(
  key: string,
  recordsPerSecond: number,
  recordBytes = 90,
): SimulatedFile {
  return {
    key,
    sizeAt: (ms) => Math.floor(ms * recordsPerSecond / 1000) * recordBytes,
  };
}

/** A document that is rewritten at an interval. */
export function rewritten(
  key: string,
  sizeBytes: number,
  everyMs: number,
): SimulatedFile {
  return {
    key,
    sizeAt: () => sizeBytes,
    versionAt: (ms) => Math.floor(ms / everyMs),
  };
}

/** The documents of every run: written at its start, and again when something becomes known. */
export const DOCUMENTS: readonly SimulatedFile[] = [
  {
    key: "metadata.yaml",
    sizeAt: () => 700,
    versionAt: (ms) => ms > 500 ? 1 : 0,
  },
  { key: "index.yaml", sizeAt: () => 200, versionAt: (ms) => ms > 0 ? 1 : 0 },
  { key: "hyperparameters.yaml", sizeAt: () => 150 },
  { key: "platform.yaml", sizeAt: () => 600 },
  { key: "git.yaml", sizeAt: () => 200 },
];
