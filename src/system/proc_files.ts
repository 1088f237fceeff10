/**
 * Reads what Linux says in `/proc`. All counters only grow.
 *
 * @module
 */

/** How long the processors of a machine were at work, in any unit, since it was started. */
export interface CpuTimes {
  /** With work. */
  readonly busy: number;
  /** With work and without. */
  readonly total: number;
  /** How many processors there are. */
  readonly cores: number;
}

/** What went in and out since the machine was started, in bytes. */
export interface Traffic {
  /** Read from disks, or received. */
  readonly inBytes: number;
  /** Written to disks, or sent. */
  readonly outBytes: number;
}

/** Linux counts the times of a process in hundredths of a second, whatever its own clock does. */
export const TICKS_PER_SECOND = 100;

/** The kernel's unit of what disks move, whatever theirs is. */
const SECTOR_BYTES = 512;

/**
 * Reads `/proc/stat`.
 *
 * @param text The file.
 * @returns The times of all processors together; undefined if they do not stand there.
 */
export function parseCpuTimes(text: string): CpuTimes | undefined {
  const [, line] = /^cpu +([\d ]+)$/m.exec(text) ?? [];
  if (line === undefined) return undefined;
  // user, nice, system, idle, iowait, irq, softirq, steal; what guests take is part of user and nice.
  const times = line.trim().split(/ +/).slice(0, 8).map(Number);
  const total = times.reduce((sum, time) => sum + time, 0);
  const [, , , idle = 0, iowait = 0] = times;
  const cores = text.match(/^cpu\d+ /gm)?.length ?? 1;
  return { busy: total - idle - iowait, total, cores };
}

/**
 * Reads `/proc/<pid>/stat`.
 *
 * @param text The file.
 * @returns How long the process, and its children that it has waited for, have computed, in seconds.
 */
export function parseProcessSeconds(text: string): number {
  // The program's name, in brackets, may hold anything.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, at) => sum + Number(at), 0);
  return ticks / TICKS_PER_SECOND;
}

/**
 * Reads `/proc/<pid>/status`.
 *
 * @param text The file.
 * @returns The memory in use, in bytes; 0 of a process that has ended.
 */
export function parseProcessMemory(text: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}

/** Disks as a whole: what their partitions, and what is made of disks, moves is counted there already. */
const DISK = /^(?:[shv]d[a-z]+|xvd[a-z]+\d*|nvme\d+n\d+|mmcblk\d+)$/;

/**
 * Reads `/proc/diskstats`.
 *
 * @param text The file.
 * @returns What all disks have moved; undefined if there are none.
 */
export function parseDiskTraffic(text: string): Traffic | undefined {
  return sum(
    text.split("\n").map((line) => line.trim().split(/ +/))
      .filter(([, , name = ""]) => DISK.test(name))
      .map((fields) => [
        Number(fields[5]) * SECTOR_BYTES,
        Number(fields[9]) * SECTOR_BYTES,
      ]),
  );
}

/**
 * Reads `/proc/net/dev`.
 *
 * @param text The file.
 * @returns What all network devices but the loopback have moved; undefined if there are none.
 */
export function parseNetworkTraffic(text: string): Traffic | undefined {
  const lines = text.split("\n").map((line) =>
    /^ *(\S+): *(.*)$/.exec(line) ?? []
  );
  return sum(
    lines.filter(([, name]) => name !== undefined && name !== "lo")
      .map(([, , counters = ""]) => counters.split(/ +/).map(Number))
      .map(([received = 0, , , , , , , , sent = 0]) => [received, sent]),
  );
}

function sum(pairs: readonly (readonly number[])[]): Traffic | undefined {
  if (pairs.length === 0) return undefined;
  const of = (at: number) =>
    pairs.reduce((total, pair) => total + (pair[at] ?? 0), 0);
  return { inBytes: of(0), outBytes: of(1) };
}
