import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { join } from "@std/path";
import type { AIStoreClient } from "../../src/aistore/client.ts";
import { parseMetrics } from "../../src/format/metric_reader.ts";
import type { RequestRecord } from "./faulty_server.ts";
import { type LiveResult, type LiveScript, startLive } from "./live_script.ts";
import { onlyRun } from "./script.ts";
import { checksumsOf, localChecksums } from "./shaky_server.ts";

/** How many records a run has at least. */
export const MIN_RECORDS = 200;

/** The size of the one large object. */
export const LARGE_BYTES = 300_000;

/** The folder that everything goes to. */
const FOLDER = "/demo/lab/faults";

/**
 * A trainer with an artifact that it uses and one that it produces, which has a large object. It says `HALF` after 100
 * records, produces when it is told `mark`, logs 100 records more, and goes on until it is told `end`.
 */
const TRAINER = `
  import { createArtifact } from "@t9k/em";
  const random = (size) => {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 60_000) crypto.getRandomValues(bytes.subarray(at, at + 60_000));
    return bytes;
  };
  const data = await createArtifact({ name: "data" });
  Deno.writeTextFileSync("rows.csv", "1,2,3\\n".repeat(500));
  await data.addFile("rows.csv");
  const model = await createArtifact({ name: "model" });
  Deno.writeFileSync("weights.bin", random(${LARGE_BYTES}));
  await model.addFile("weights.bin");
  const run = await createRun({ name: "train", autoUpload: true, folder: "lab/faults", makeFolder: true });
  run.markInput(data);
  let refused = 0, refusal;
  const attempt = (what) => {
    try { what(); return true; } catch (error) {
      if (!mayRefuse) throw error;
      refusal ??= error;
      if (++refused === 1) say("REFUSED");
      return false;
    }
  };
  const accepted = [];
  const record = async () => { if (attempt(() => log(run))) accepted.push(step); await pause(25); };
  for (let i = 0; i < 100; i++) await record();
  say("HALF");
  while (!isThere("told-mark")) await record();
  while (!attempt(() => run.markOutput(model))) await record();
  for (let i = 0; i < 100; i++) await record();
  while (!isThere("told-end")) await record();
  const { requests, sentBytes } = (await run.finish({ timeoutMs: 120_000 }).then(({ status, upload }) => {
    say("END " + JSON.stringify({ status, ...brief(upload) }));
    return upload;
  }));
  say("TRAINED " + JSON.stringify({ requests, sentBytes, accepted, refused, refusal: refusal && [refusal.name, refusal.message, refusal.code] }));
`;

/** Where a {@linkcode startTrainer} trains, and what it uploads to. */
export interface TrainerOptions {
  /** Its directory. */
  readonly dir: string;
  /** The content of its t9k config file. */
  readonly config: string;
  /** Its permissions. Default: all. */
  readonly flags?: readonly string[] | undefined;
  /** What it does first. Default: nothing. */
  readonly before?: string | undefined;
  /** Whether the disk may refuse what it records: then it tries to go on, as its author would. Default: false. */
  readonly mayRefuse?: boolean | undefined;
}

/** Starts a trainer in a process of its own. */
export function startTrainer(options: TrainerOptions): LiveScript {
  const { dir, config, flags, before = "", mayRefuse = false } = options;
  return startLive(
    `const mayRefuse = ${mayRefuse};\n${before}\n${TRAINER}`,
    { dir, config, ...(flags === undefined ? {} : { flags }) },
  );
}

/** What a trainer says of itself at its end. */
export interface Trained {
  /** How many requests it has sent. */
  readonly requests: number;
  /** How many bytes of objects it knows to have sent. */
  readonly sentBytes: number;
  /** The steps of the records that were taken. */
  readonly accepted: readonly number[];
  /** How often the disk refused something. */
  readonly refused: number;
  /** Name, message and code of the first refusal. */
  readonly refusal?: readonly (string | undefined)[];
}

/** Asserts that a trainer has ended as if nothing had happened, and that the server has all that it made. */
export async function assertArrived(
  result: LiveResult,
  { dir, client, apiKey }: {
    readonly dir: string;
    readonly client: AIStoreClient;
    readonly apiKey: string;
  },
): Promise<Trained & { readonly finalBytes: number }> {
  assertEquals([result.code, result.signal], [0, null], result.stderr);
  const said = result.stderr + result.stdout;
  assert(!said.includes(apiKey), "the key is secret");
  const others = result.stderr.split("\n").filter((line) =>
    line !== "" && !/^EM (INFO|WARNING): /.test(line)
  );
  assertEquals(others, [], "nothing else is said");
  const { warnings } = result;
  assertEquals(warnings.length, new Set(warnings).size, "each warning once");
  const [report] = result.reports;
  assertEquals(
    [report?.status, report?.state, report?.pending, report?.refused],
    ["Complete", "complete", [], []],
    result.stderr,
  );
  const trained: Trained = JSON.parse(
    /^TRAINED (.*)$/m.exec(result.stdout)?.[1] ?? "{}",
  );
  const run = onlyRun(dir);
  assertRecords(run, trained.accepted);
  const finalBytes = await assertSame(client, run, dir);
  return { ...trained, finalBytes };
}

/** Asserts that a run has exactly the records that were taken. */
function assertRecords(run: string, accepted: readonly number[]): void {
  assertGreaterOrEqual(accepted.length, MIN_RECORDS);
  const { records, problem } = parseMetrics(
    Deno.readFileSync(join(run, "metrics/train.yaml")),
  );
  assertEquals(problem, undefined);
  assertEquals(records.map(({ sequence }) => sequence.step), accepted);
}

/** Asserts that run and artifacts are on the server as they are here, once, and connected; how long all of it is. */
async function assertSame(
  client: AIStoreClient,
  run: string,
  dir: string,
): Promise<number> {
  const artifacts = join(dir, ".em/artifacts");
  const dirs = [run];
  for (const { name } of Deno.readDirSync(artifacts)) {
    if (name !== ".state") dirs.push(join(artifacts, name));
  }
  const nodes = await Array.fromAsync(client.listNodes(FOLDER));
  const names = ["data", "model", "train"];
  assertEquals(nodes.map(({ name }) => name).sort(), names);
  let finalBytes = 0;
  for (const name of names) {
    const local = dirs.find((path) =>
      path.split("/").at(-1)?.startsWith(`${name}_`)
    );
    const here = localChecksums(local ?? "");
    assertEquals(await checksumsOf(client, `${FOLDER}/${name}`), here, name);
    for (const checksum of Object.values(here)) {
      finalBytes += parseInt(checksum);
    }
  }
  const node = await client.node(`${FOLDER}/train`);
  const graph = await client.graph(node?.id ?? "");
  const paths = (some: readonly { readonly path?: string }[]) =>
    some.map(({ path }) => path);
  assertEquals(paths(graph.in), [`${FOLDER}/data`]);
  assertEquals(paths(graph.out), [`${FOLDER}/model`]);
  return finalBytes;
}

/** Whether a request sends an object, or its end. */
export function isPut(
  { method, path }: Pick<RequestRecord, "method" | "path">,
): boolean {
  return /^(POST|PATCH)$/.test(method) && path === "/apis/v1/objects";
}

/** Whether a request sends the large object. */
export function isLarge(
  request: Pick<RequestRecord, "method" | "path" | "query">,
): boolean {
  return isPut(request) &&
    request.query.get("path") === `${FOLDER}/model/weights.bin`;
}
