import { delay } from "@std/async";
import { join } from "@std/path";
import { walkSync } from "@std/fs";
import { fromFileUrl } from "@std/path";
import { startEm } from "../cli/em_process.ts";
import { ROOT } from "./script.ts";

/** A run of the load. */
export interface TeamRun {
  /** Its directory. */
  readonly local: string;
  /** Its node's path. */
  readonly path: string;
  /** How many records of one type it has logged. */
  readonly records: number;
  /** How its delivery ended. */
  readonly state: string;
}

/** How much load. */
export interface TeamLoadOptions {
  /** A folder for everything. */
  readonly dir: string;
  /** For how long the runs log. */
  readonly seconds: number;
  /** In how many processes. */
  readonly processes: number;
  /** How many runs each has. */
  readonly runsEach: number;
}

/** What was seen. */
export interface TeamLoadResult {
  /** The runs. */
  readonly runs: readonly TeamRun[];
  /** Objects that were compared with their files. */
  readonly objects: number;
  /** Their bytes. */
  readonly bytes: number;
  /** What was wrong: files that differ or are missing, whatever was said on stderr, answers that were no success. */
  readonly troubles: readonly string[];
  /** What small requests took from the moment at which all runs were there, sorted, in milliseconds. */
  readonly waitsMs: readonly number[];
  /** The server's memory, with the second at which it was. */
  readonly memory: readonly { readonly second: number; readonly mib: number }[];
  /** How many processes have said that the server is slow, as on a machine that is busy with other things. */
  readonly slowNotices: number;
  /** Requests that the server has answered. */
  readonly requests: number;
  /** The share of them that it has answered within 50 ms, by its own clock. */
  readonly withinShare: number;
}

const PROBE_MS = 20;

/** Has many runs log and upload to an `em serve` of its own, asks it small things meanwhile, and compares every byte. */
export async function teamLoad(
  options: TeamLoadOptions,
): Promise<TeamLoadResult> {
  const { dir, seconds, processes, runsEach } = options;
  await using em = startEm(
    ["serve", "--data", join(dir, "data"), "--port", "0"],
    { dir },
  );
  await em.waitFor("Data in");
  const [, host = ""] = /server at (\S+)/.exec(em.seen.stdout) ?? [];
  const [, key = ""] = /API key: (\S+)/.exec(em.seen.stdout) ?? [];
  const troubles: string[] = [];
  const children = Array.from(
    { length: processes },
    (_, index) => startChild(`p${index}`, { ...options, host, key }),
  );
  const ask = async (
    path: string,
    query: Record<string, string> = {},
    more: RequestInit = {},
  ) => {
    const parameters = new URLSearchParams({ ...query, apikey: key });
    const response = await fetch(`${host}${path}?${parameters}`, more);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (!response.ok) {
      troubles.push(
        `${path} ${response.status} ${new TextDecoder().decode(bytes)}`,
      );
    }
    return bytes;
  };
  const json = async (path: string, query: Record<string, string>) =>
    JSON.parse(new TextDecoder().decode(await ask(path, query)));

  while (
    await running(children) && await countOf(json) < processes * runsEach
  ) {
    await delay(100);
  }
  const waitsMs: number[] = [];
  const memory: { second: number; mib: number }[] = [];
  const begun = performance.now();
  const folder = { parent: "/demo/team" };
  const small = [
    () => ask("/oauth2/userinfo"),
    () => ask("/apis/v1/nodes", { ...folder, size: "20" }),
    () => ask("/apis/v1/nodes/info", { node: "/demo/team" }),
    () => ask("/em/v1/rows", { folder: "/demo/team", size: "20" }),
    () =>
      ask("/apis/v1/nodes", {}, {
        method: "PUT",
        body: JSON.stringify({ node: "/demo/team", description: "busy" }),
      }),
  ];
  for (let turn = 0; await running(children); turn++) {
    const second = Math.floor((performance.now() - begun) / 1000);
    if (memory.at(-1)?.second !== second) {
      memory.push({ second, mib: residentMib(em.child.pid) });
    }
    // From here on the runs are finishing.
    if (second >= seconds) {
      await delay(100);
      continue;
    }
    const start = performance.now();
    await small[turn % small.length]?.();
    waitsMs.push(performance.now() - start);
    await delay(PROBE_MS);
  }
  const runs: TeamRun[] = [];
  let slowNotices = 0;
  for (const child of children) {
    const { lines, stderr, code } = await child.ended;
    runs.push(...lines.map((line): TeamRun => JSON.parse(line)));
    // What it says of itself: where runs are.
    const said = stderr.split("\n")
      .filter((line) => line !== "" && !line.startsWith("EM INFO: "))
      .filter((line) => {
        const isSlow = line.includes("is slow to answer; nothing is lost");
        if (isSlow) slowNotices++;
        return !isSlow;
      });
    if (said.length > 0 || code !== 0) {
      troubles.push(`exit ${code}: ${said.join(" | ")}`);
    }
  }
  let objects = 0;
  let bytes = 0;
  for (const run of runs) {
    for (const { path } of walkSync(run.local, { includeDirs: false })) {
      const name = path.slice(run.local.length + 1);
      const wanted = Deno.readFileSync(path);
      const found = await ask("/apis/v1/objects", {
        path: `${run.path}/${name}`,
      });
      if (!isEqual(found, wanted)) troubles.push(`${run.path}/${name} differs`);
      objects++;
      bytes += wanted.length;
    }
  }
  const sumOf = (samples: RegExp) =>
    [...metrics.matchAll(samples)]
      .reduce((sum, [, count]) => sum + Number(count), 0);
  const metrics = new TextDecoder().decode(await ask("/metrics"));
  const requests = sumOf(/^em_http_requests_total\{.*\} (\d+)$/gm);
  const within = sumOf(
    /^em_http_request_duration_seconds_bucket\{.*le="0.05"\} (\d+)$/gm,
  );
  for (const [line, status] of metrics.matchAll(/^.*status="(5\d\d)".*$/gm)) {
    troubles.push(`answered ${status}: ${line}`);
  }
  em.child.kill("SIGTERM");
  const { code } = await em.end();
  if (code !== 0 || em.seen.stderr !== "") {
    troubles.push(`the server: exit ${code}: ${em.seen.stderr}`);
  }
  waitsMs.sort((a, b) => a - b);
  return {
    runs,
    objects,
    bytes,
    troubles,
    waitsMs,
    memory,
    slowNotices,
    requests,
    withinShare: within / requests,
  };
}

interface Child {
  isRunning: boolean;
  readonly ended: Promise<
    {
      readonly lines: readonly string[];
      readonly stderr: string;
      readonly code: number;
    }
  >;
}

function startChild(
  prefix: string,
  { dir, seconds, runsEach, host, key }: TeamLoadOptions & {
    readonly host: string;
    readonly key: string;
  },
): Child {
  const home = join(dir, prefix);
  Deno.mkdirSync(home, { recursive: true });
  const output = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--allow-all",
      `--config=${fromFileUrl(new URL("deno.json", ROOT))}`,
      fromFileUrl(new URL("team_load_child.ts", import.meta.url)),
      prefix,
      String(runsEach),
      String(seconds),
    ],
    cwd: home,
    env: {
      EM_RUN_PARENT_DIR: join(home, "runs"),
      EM_TEAM_HOST: host,
      EM_TEAM_KEY: key,
    },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  const child: Child = {
    isRunning: true,
    ended: output.then(({ stdout, stderr, code }) => {
      child.isRunning = false;
      const lines = decoder.decode(stdout).split("\n").filter(Boolean);
      return { lines, stderr: decoder.decode(stderr), code };
    }),
  };
  return child;
}

async function running(children: readonly Child[]): Promise<boolean> {
  await delay(0);
  return children.some(({ isRunning }) => isRunning);
}

/** How many runs the server has. */
async function countOf(
  json: (path: string, query: Record<string, string>) => Promise<
    { readonly pagination: { readonly total: number } }
  >,
): Promise<number> {
  const found = await json("/apis/v1/nodes", {
    parent: "/demo",
    search: "team",
  });
  if (found.pagination.total === 0) return 0;
  const { pagination } = await json("/apis/v1/nodes", { parent: "/demo/team" });
  return pagination.total;
}

function residentMib(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(status.match(/VmRSS:\s+(\d+) kB/)?.[1]) / 1024;
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length &&
    one.every((byte, at) => byte === other[at]);
}
