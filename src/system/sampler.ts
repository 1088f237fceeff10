import { statfsSync } from "node:fs";
import { cpus } from "node:os";
import process from "node:process";
import {
  type CpuTimes,
  parseCpuTimes,
  parseDiskTraffic,
  parseNetworkTraffic,
  type Traffic,
} from "./proc_files.ts";
import { type ProcessUse, readProcessTree } from "./process_tree.ts";
import type { SystemSources } from "./sources.ts";

/** What only grows, at one moment. */
interface Counters {
  readonly atMs: number;
  readonly cpu: CpuTimes | undefined;
  readonly processSeconds: number;
  readonly disk: Traffic | undefined;
  readonly network: Traffic | undefined;
}

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
/** Between two looks there must be time for something to happen, in milliseconds. */
const LEAST_GAP_MS = 100;

/** Looks at the machine and this process. */
export class Sampler {
  readonly #dir: string;
  readonly #sources: SystemSources;
  #last: Counters;

  /**
   * @param dir A directory on the disk whose room is of interest.
   * @param sources What may be looked at.
   */
  constructor(dir: string, sources: SystemSources) {
    this.#dir = dir;
    this.#sources = sources;
    this.#last = this.#count(this.#readProcess());
  }

  /**
   * Looks once.
   *
   * @returns The values by metric name. What is a rate is one over the time since the last look; the first has none.
   */
  sample(): Record<string, number> {
    const own = this.#readProcess();
    const values = {
      ...this.#rates(this.#count(own)),
      process_memory_gib: own.memoryBytes / GIB,
      ...this.#memory(),
      ...this.#disk(),
    };
    return Object.fromEntries(
      Object.entries(values).filter((entry): entry is [string, number] =>
        entry[1] !== undefined && Number.isFinite(entry[1])
      ),
    );
  }

  #rates(now: Counters): Record<string, number | undefined> {
    const last = this.#last;
    const seconds = (now.atMs - last.atMs) / 1000;
    if (seconds * 1000 < LEAST_GAP_MS) return {};
    this.#last = now;
    const cores = now.cpu?.cores ?? navigator.hardwareConcurrency;
    const rate = (of: (counters: Counters) => number | undefined) =>
      // A process that ends takes what it has computed along.
      Math.max(0, ((of(now) ?? NaN) - (of(last) ?? NaN)) / seconds);
    const cpuTime = (now.cpu?.total ?? NaN) - (last.cpu?.total ?? NaN);
    const cpuWork = (now.cpu?.busy ?? NaN) - (last.cpu?.busy ?? NaN);
    return {
      cpu_percent: 100 * cpuWork / cpuTime,
      process_cpu_percent: 100 * rate((all) => all.processSeconds) / cores,
      disk_read_mib_per_s: rate(({ disk }) => disk?.inBytes) / MIB,
      disk_write_mib_per_s: rate(({ disk }) => disk?.outBytes) / MIB,
      network_received_mib_per_s: rate((all) => all.network?.inBytes) / MIB,
      network_sent_mib_per_s: rate((all) => all.network?.outBytes) / MIB,
    };
  }

  #count({ cpuSeconds }: ProcessUse): Counters {
    const { proc } = this.#sources;
    return {
      atMs: performance.now(),
      cpu: this.#cpuTimes(),
      processSeconds: cpuSeconds,
      disk: proc ? parseDiskTraffic(read("/proc/diskstats")) : undefined,
      network: proc ? parseNetworkTraffic(read("/proc/net/dev")) : undefined,
    };
  }

  #cpuTimes(): CpuTimes | undefined {
    if (this.#sources.proc) return parseCpuTimes(read("/proc/stat"));
    if (!this.#sources.cpus) return undefined;
    const all = cpus().map(({ times }) => times);
    const total = all.flatMap(Object.values).reduce((a, b) => a + b, 0);
    const idle = all.reduce((sum, times) => sum + times.idle, 0);
    return { busy: total - idle, total, cores: all.length };
  }

  #readProcess(): ProcessUse {
    if (this.#sources.proc) return readProcessTree(Deno.pid);
    const { user, system } = process.cpuUsage();
    return {
      cpuSeconds: (user + system) / 1e6,
      memoryBytes: Deno.memoryUsage().rss,
    };
  }

  #memory(): Record<string, number> {
    if (!this.#sources.memory) return {};
    const { total, available } = Deno.systemMemoryInfo();
    const used = total - available;
    return {
      memory_used_gib: used / GIB,
      memory_percent: 100 * used / total,
    };
  }

  /** As `df` has it: what is kept for the administrator is neither free nor part of the whole. */
  #disk(): Record<string, number> {
    if (!this.#sources.disk) return {};
    const { blocks, bfree, bavail, bsize } = statfsSync(this.#dir);
    const used = blocks - bfree;
    return {
      disk_free_gib: bavail * bsize / GIB,
      disk_percent: 100 * used / (used + bavail),
    };
  }
}

function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    // A container may hide it.
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
