import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { delay } from "@std/async";
import { DatabaseSync } from "node:sqlite";
import { join } from "@std/path";
import { AIStoreClient } from "../../src/aistore/client.ts";
import { SERVER_PREFIX } from "../../src/aistore/protocol.ts";
import { startEm } from "../cli/em_process.ts";
import { isLarge, isPut } from "../support/fault_run.ts";
import {
  type Figures,
  play,
  type Scene,
  scripted,
} from "../support/fault_scene.ts";
import type { Fault } from "../support/faulty_server.ts";
import { configFor, startShakyServer } from "../support/shaky_server.ts";
import { mainThreadFlags } from "../support/bad_day.ts";
import { openSlowLink } from "../support/slow_link.ts";
import { tempDir } from "../support/temp_dir.ts";
import { canMountTmpfs, mountTmpfs } from "../support/tmpfs.ts";
import { waitFor } from "../support/wait_for.ts";

/** For how long a server is away that goes down, in milliseconds: `EM_FAULT_DOWN_MS`. */
const DOWN_MS = Number(Deno.env.get("EM_FAULT_DOWN_MS") ?? 10_000);
/** A file to which a line of figures is added for each fault: `EM_FAULT_FIGURES`. */
const FIGURES = Deno.env.get("EM_FAULT_FIGURES");
/** Which faults happen, as a regular expression of their names: `EM_FAULT_ONLY`. */
const ONLY = new RegExp(Deno.env.get("EM_FAULT_ONLY") ?? "");
/** How many trainers are at work at the same time. */
const AT_ONCE = 5;

const MIB = 1024 * 1024;

function answer(status: number, headers: Record<string, string> = {}): Fault {
  return { kind: "answer", status, headers, body: "busy" };
}

async function refusedAtStart(): Promise<Figures> {
  await using server = await startShakyServer();
  await server.faulty.down();
  const strike = async ({ live, mark }: Scene) => {
    await live.heard("nothing is lost");
    mark();
    await delay(1_000);
    await server.faulty.up();
  };
  return await play(server, { strike }, server.faulty);
}

async function downInTheMiddle(): Promise<Figures> {
  await using server = await startShakyServer();
  const strike = async ({ live, mark }: Scene) => {
    await server.faulty.down();
    mark();
    await live.heard("nothing is lost");
    await delay(DOWN_MS);
    await server.faulty.up();
  };
  return await play(server, { strike, lostSends: 1 }, server.faulty);
}

function faulty(
  fault: Fault,
  options: Parameters<typeof scripted>[2] = {},
): () => Promise<Figures> {
  return async () => {
    await using server = await startShakyServer();
    const strike = scripted(server, fault, options);
    const { timesLarge: lostSends = 1 } = options;
    return await play(server, { strike, lostSends }, server.faulty);
  };
}

/**
 * Of each kind of change the first answers after the middle are lost. The large object goes out once more, because `fetch`
 * itself repeats a request whose connection was in use before; the client asks what the server has.
 */
async function answerLost(): Promise<Figures> {
  await using server = await startShakyServer();
  const strike = async ({ mark }: Scene) => {
    const lost = new Map<string, number>();
    server.faulty.script = (request) => {
      const { method, path } = request;
      const change = isLarge(request)
        ? "large object"
        : `${method} ${path.replace("/apis/v1", "")}`;
      const times = lost.get(change) ?? 0;
      if (method === "GET" || times === 2) return undefined;
      lost.set(change, times + 1);
      return { kind: "reset", when: "after-handling" };
    };
    mark();
    const all = [
      "POST /nodes",
      "POST /graphs",
      "POST /objects",
      "PATCH /objects",
      "large object",
    ];
    await waitFor(
      "each kind of change",
      () => all.every((change) => lost.has(change)) ? true : undefined,
    );
  };
  return await play(server, { strike, lostSends: 1 }, server.faulty);
}

/** Whoever was told to leave the server alone for two seconds does. */
async function retryAfter(): Promise<Figures> {
  await using server = await startShakyServer();
  const strike = scripted(server, answer(503, { "retry-after": "2" }));
  const times: number[] = [];
  const refusals: number[] = [];
  const timed = async (scene: Scene) => {
    const struck = strike(scene);
    const { script } = server.faulty;
    server.faulty.script = (request) => {
      const fault = script(request);
      times.push(performance.now());
      if (fault !== undefined) refusals.push(performance.now());
      return fault;
    };
    await struck;
  };
  const figures = await play(
    server,
    { strike: timed, lostSends: 1 },
    server.faulty,
  );
  // What had been sent before the answer was there may come a little later.
  const early = refusals.flatMap((at) =>
    times.filter((time) => time > at + 500 && time < at + 1_950)
  );
  assertEquals(early, []);
  return figures;
}

async function slowLink(): Promise<Figures> {
  await using server = await startShakyServer();
  await using link = openSlowLink({
    to: server.faulty.port,
    bytesPerSecond: 20_000,
  });
  const config = configFor(
    `http://127.0.0.1:${link.port}${SERVER_PREFIX}`,
    server.apiKey,
  );
  const strike = async ({ mark }: Scene) => {
    mark();
    await delay(2_000);
  };
  return await play(server, { strike, config }, server.faulty);
}

/** The server's own table of keys, while it runs. */
async function keyRevoked(): Promise<Figures> {
  using dir = tempDir();
  await using server = await startShakyServer({ dataDir: dir.path });
  using database = new DatabaseSync(join(dir.path, "aistore.db"), {
    timeout: 5_000,
  });
  const strike = async ({ live, mark }: Scene) => {
    const key = database.prepare("SELECT * FROM api_keys").get() ?? {};
    database.exec("DELETE FROM api_keys");
    mark();
    await live.heard("refused the API key");
    await delay(2_000);
    const columns = Object.keys(key);
    database.prepare(
      `INSERT INTO api_keys (${columns}) VALUES (${columns.map(() => "?")})`,
    ).run(...Object.values(key));
  };
  return await play(server, { strike, lostSends: 1 }, server.faulty);
}

async function serverKilled(): Promise<Figures> {
  using dir = tempDir();
  let em = startEm(["serve", "--port", "0"], { dir: dir.path });
  try {
    await em.waitFor("Data in");
    const { stdout } = em.seen;
    const port = /^AIStore server at http:\S+:(\d+)\/.*$/m.exec(stdout)?.[1];
    const apiKey = /^API key: (\S+)/m.exec(stdout)?.[1] ?? "";
    await using link = openSlowLink({ to: Number(port) });
    const address = (at: string | number | undefined) =>
      `http://127.0.0.1:${at}${SERVER_PREFIX}`;
    const client = new AIStoreClient({ host: address(port), apiKey });
    const config = configFor(address(link.port), apiKey);
    const strike = async ({ live, mark }: Scene) => {
      mark();
      em.child.kill("SIGKILL");
      await em.end();
      await live.heard("nothing is lost");
      await delay(1_000);
      em = startEm(["serve", "--port", `${port}`], { dir: dir.path });
      await em.waitFor("Data in");
    };
    return await play(
      { client, apiKey, config },
      { strike, lostSends: 1 },
      link,
    );
  } finally {
    await em[Symbol.asyncDispose]();
  }
}

async function serverDiskFull(): Promise<Figures> {
  using disk = mountTmpfs(16 * MIB);
  const said: string[] = [];
  const reporter = {
    info: () => {},
    warn: (_: string, text: string) => said.push(text),
  };
  const dataDir = join(disk.path, "data");
  await using server = await startShakyServer({ dataDir, reporter });
  const strike = async ({ live, mark }: Scene) => {
    disk.fill();
    mark();
    await live.heard("nothing is lost");
    await delay(3_000);
    disk.free();
  };
  const figures = await play(
    server,
    { strike, lostSends: 1 },
    server.faulty,
  );
  assert(said.some((text) => /No space left|disk is full/.test(text)));
  return figures;
}

async function trainerDiskFull(): Promise<Figures> {
  using disk = mountTmpfs(4 * MIB);
  await using server = await startShakyServer();
  const strike = async ({ live, mark }: Scene) => {
    disk.fill();
    await live.heard("REFUSED");
    mark();
    await delay(2_000);
    disk.free();
  };
  const figures = await play(
    server,
    { strike, dir: disk.path, mayRefuse: true },
    server.faulty,
  );
  assertStringIncludes(`${figures.refusal}`, "ENOSPC");
  return figures;
}

/** Sets the clock of the trainer's thread by two hours, then by a day the other way. */
const JUMP = `
  const RealDate = Date;
  let offMs = 0;
  globalThis.Date = class extends RealDate {
    constructor(...args) { if (args.length === 0) super(RealDate.now() + offMs); else super(...args); }
    static now() { return RealDate.now() + offMs; }
  };
  (async () => { await told("mark"); offMs = 2 * 3600_000; await pause(2_000); offMs = -24 * 3600_000; say("JUMPED"); })();
`;

function clockJump(
  flags: (dir: string) => string[] | undefined,
): () => Promise<Figures> {
  return async () => {
    using dir = tempDir();
    await using server = await startShakyServer();
    const strike = async ({ live, mark }: Scene) => {
      mark();
      await live.heard("JUMPED");
      await delay(1_000);
    };
    return await play(server, {
      strike,
      dir: dir.path,
      before: JUMP,
      flags: flags(dir.path),
    }, server.faulty);
  };
}

/** A fault, and what it is called. */
type NamedFault = readonly [name: string, happen: () => Promise<Figures>];

/** What takes longest comes first. */
const FAULTS: readonly NamedFault[] = [
  ["no answer comes", faulty({ kind: "hang" }, { matches: isPut, times: 1 })],
  ["slow link of 20 kB/s", slowLink],
  [`down for ${DOWN_MS / 1000} s`, downInTheMiddle],
  ["refused at start", refusedAtStart],
  ["503", faulty(answer(503))],
  ["503 with Retry-After: 2", retryAfter],
  ["429", faulty(answer(429))],
  [
    "reset within a body",
    faulty({ kind: "reset", when: "mid-body" }, {
      matches: isPut,
      timesLarge: 2,
    }),
  ],
  ["answer lost after the server has stored", answerLost],
  ["key revoked and restored", keyRevoked],
  ["server killed and started again", serverKilled],
  ["clock jumps, delivery on its own thread", clockJump(() => undefined)],
  ["clock jumps, delivery on the same thread", clockJump(mainThreadFlags)],
];

const FULL_DISKS: readonly NamedFault[] = [
  ["disk of the server full", serverDiskFull],
  ["disk of the trainer full", trainerDiskFull],
];

Deno.test("whatever befalls server, network, disk or clock, a run and its artifacts arrive whole, and about once", async (t) => {
  const mayMount = canMountTmpfs();
  const queue = [...FAULTS, ...FULL_DISKS].filter(([name]) => ONLY.test(name));
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [name, happen] = next;
      const isReal = mayMount || !FULL_DISKS.includes(next);
      await t.step({
        name: isReal ? name : `${name}: NOT TESTED, that takes root on Linux`,
        ignore: !isReal,
        // Steps that run at the same time cannot be told apart; the whole test is watched.
        sanitizeOps: false,
        sanitizeResources: false,
        sanitizeExit: false,
        fn: async () => note(name, await happen()),
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
});

function note(fault: string, figures: Figures): void {
  if (FIGURES === undefined) return;
  const { result: { warnings }, accepted, ...others } = figures;
  const records = accepted.length;
  const line = JSON.stringify({ fault, records, ...others, warnings });
  Deno.writeTextFileSync(FIGURES, `${line}\n`, { append: true });
}
