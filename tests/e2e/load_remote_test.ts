import {
  assert,
  assertEquals,
  assertLessOrEqual,
  assertMatch,
} from "@std/assert";
import { basename, join } from "@std/path";
import { filesOf, startTestServer } from "../support/em_server.ts";
import { createHandler } from "../../src/server/mod.ts";
import { stateDir } from "../../src/local/layout.ts";
import { startFaultyServer } from "../support/faulty_server.ts";
import {
  onlyRun,
  runScript,
  type ScriptResult,
  spawnScript,
} from "../support/script.ts";
import {
  configFor,
  localChecksums,
  startShakyServer,
} from "../support/shaky_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

const IMPORT =
  `import { createArtifact, createRun, loadArtifact, loadRun, upload } from "@t9k/em";
  const say = (what) => Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(what) + "\\n"));
  const attempt = async (path, options) => {
    try { return await loadRun(path, options); } catch (error) { say([error.name, error.message]); Deno.exit(3); }
  };
  const attemptArtifact = async (path, options) => {
    try { return await loadArtifact(path, options); } catch (error) { say([error.name, error.message]); Deno.exit(3); }
  };
`;

function run(
  code: string,
  dir: string,
  config: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ScriptResult> {
  return runScript(IMPORT + code, {
    dir,
    env: { ...environment(dir, config), ...env },
  });
}

function environment(dir: string, config: string) {
  const path = join(dir, "t9k-config.yaml");
  Deno.writeTextFileSync(path, config);
  return { T9K_CONFIG: path, T9K_CONFIG_CONTEXT: "" };
}

const CREATE = (options = "") =>
  `const run = await createRun({ name: "trip", hparams: { lr: 0.1 }, ${options} });
  console.log("first part");
  for (let step = 1; step <= 300; step++) run.log(step % 5 ? "train" : "val", { loss: 1 / step }, { step });
  Deno.mkdirSync(run.local + "/checkpoints/1", { recursive: true });
  Deno.writeFileSync(run.local + "/checkpoints/1/学 习.bin", new Uint8Array(2_000_000).fill(7));
  Deno.writeFileSync(run.local + "/checkpoints/empty", new Uint8Array());
  const { upload: { state } } = await run.finish();
  if (state === "off") await upload(run.local, { folder: "cv/trip", makeFolder: true });`;

Deno.test("a run is uploaded, lost, loaded from the server byte for byte, and continued in its node", async () => {
  await using server = await startTestServer();
  using first = tempDir();
  using second = tempDir();
  const created = await run(CREATE(), first.path, server.config);
  assertEquals(created.code, 0, created.stderr);
  const original = onlyRun(first.path);
  const before = filesOf(original);
  const [node] = await Array.fromAsync(
    server.client.listNodes("/demo/cv/trip"),
  );

  const loaded = await run(
    `const run = await attempt("cv/trip/trip", { autoUpload: true });
    say(run.remote.map(({ action, path }) => [action, path]));
    say([run.metrics.train.length, run.hparams.lr, run.status]);
    console.log("second part");
    run.log("train", { loss: 0 }, { step: 301 });
    run.hparams.lr = 0.01;
    const { upload } = await run.finish();
    say([upload.state, upload.node.path, upload.node.id, upload.sentObjects]);`,
    second.path,
    server.config,
  );
  assertEquals(loaded.code, 0, loaded.stderr);
  const [remote, read, end] = loaded.stdout.split("\n")
    .filter((line) => line.startsWith("[")).map((line) => JSON.parse(line));
  assertEquals(remote, [["upload", "/demo/cv/trip/trip"], [
    "download",
    "/demo/cv/trip/trip",
  ]]);
  assertEquals(read, [240, 0.1, "Running"]);
  assertEquals(end.slice(0, 3), ["complete", "/demo/cv/trip/trip", node?.id]);
  assert(end[3] <= 8, `sent ${end[3]} objects`);

  const continued = onlyRun(second.path);
  assertEquals(basename(continued), basename(original));
  const after = filesOf(continued);
  const changed = [...after].filter(([path, text]) => before.get(path) !== text)
    .map(([path]) => path).sort();
  assertEquals(changed, [
    "attempts.yaml",
    "hyperparameters.yaml",
    "metadata.yaml",
    "metrics/train.yaml",
    "stdout.log",
  ]);
  assertEquals(
    [...after.keys()].sort(),
    ["attempts.yaml", ...before.keys()].sort(),
  );
  assertEquals(
    [...await server.objects("/demo/cv/trip/trip")].sort(),
    [...after].sort(),
  );
  const nodes = await Array.fromAsync(server.client.listNodes("/demo/cv/trip"));
  assertEquals(nodes.map(({ id }) => id), [node?.id]);

  // The first copy does not know of it, and the second does.
  const stale = await run(
    `await attempt("/demo/cv/trip/trip");`,
    first.path,
    server.config,
  );
  assertEquals(stale.code, 3, stale.stderr);
  assertMatch(
    stale.stdout,
    /DownloadError.*is there already, and differs in attempts\.yaml, .* and 2 more/,
  );
  assertEquals(filesOf(original), before);
  const again = await run(
    `const run = await attempt("/demo/cv/trip/trip"); say(run.metrics.train.length); await run.finish();`,
    second.path,
    server.config,
  );
  assertMatch(again.stdout, /^241$/m);
});

Deno.test("loadRun() names what there is not on the server, and what is no run", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  await run(CREATE(), dir.path, server.config);
  for (
    const [path, why] of [
      [
        "cv/trip/none",
        /NotFoundError.*"\/demo\/cv\/trip\/none.* is not a local directory or a path on AIStore server/,
      ],
      [
        "/demo/cv",
        /NotFoundError.*is not a node of type ..Run.. on AIStore server .* its type is ..Folder/,
      ],
    ] as const
  ) {
    const result = await run(
      `await attempt(${JSON.stringify(path)});`,
      dir.path,
      server.config,
    );
    assertEquals(result.code, 3, result.stderr);
    assertMatch(result.stdout, why);
  }
});

Deno.test("loadRun() completes a download that the server broke off, without loading what is there again", async () => {
  await using server = await startShakyServer();
  using first = tempDir();
  using second = tempDir();
  await run(CREATE(), first.path, server.config);
  const before = filesOf(onlyRun(first.path));
  const isObject = ({ method, path }: { method: string; path: string }) =>
    method === "GET" && path === "/apis/v1/objects";
  const seen = server.faulty.requests.length;
  let served = 0;
  server.faulty.script = (request) =>
    isObject(request) && ++served > 4
      ? { kind: "answer", status: 400, body: "broken" }
      : undefined;
  const broken = await run(
    `await attempt("cv/trip/trip");`,
    second.path,
    server.config,
  );
  assertEquals(broken.code, 3, broken.stderr);
  const runs = join(second.path, ".em", "runs");
  assertEquals([...Deno.readDirSync(runs)].map(({ name }) => name), [".state"]);

  server.faulty.script = () => undefined;
  const completed = await run(
    `const run = await attempt("cv/trip/trip", { captureConsole: false }); say(run.metrics.val.length); await run.finish();`,
    second.path,
    server.config,
  );
  assertEquals(completed.code, 0, completed.stderr);
  assertMatch(completed.stdout, /^60$/m);
  const after = filesOf(onlyRun(second.path));
  for (const [path, text] of before) {
    if (path !== "metadata.yaml") assertEquals(after.get(path), text, path);
  }
  const asked = server.faulty.requests.slice(seen).filter(isObject).length;
  assert(asked < 2 * before.size, `${asked} of ${before.size}`);
});

Deno.test("loadRun() with autoUpload that is refused leaves the run as it was", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  await run(CREATE(), dir.path, server.config);
  const path = onlyRun(dir.path);
  const before = filesOf(path);
  const refused = await run(
    `await attempt(${
      JSON.stringify(path)
    }, { autoUpload: true, folder: "no/such", captureConsole: false });`,
    dir.path,
    server.config,
  );
  assertMatch(refused.stdout, /FolderNotFoundError/);
  assertEquals(filesOf(path), before);
});

const ARTIFACTS = ".em/artifacts";

const CREATE_ARTIFACT = (name: string) =>
  `Deno.mkdirSync("data/sub", { recursive: true });
  Deno.writeTextFileSync("data/a.txt", "alpha\\n");
  Deno.writeFileSync("data/sub/学 习.bin", new Uint8Array(2_000_000).fill(7));
  Deno.writeTextFileSync("data/empty", "");
  const artifact = await createArtifact({ name: ${
    JSON.stringify(name)
  }, labels: ["x"] });
  await artifact.addDir("data");
  await artifact.addReference("s3://bucket/key/file.bin");
  await artifact.upload({ folder: "cv/data", makeFolder: true });
`;

/** A metadata document without its records, and these. */
function metadataOf(dir: string) {
  const text = Deno.readTextFileSync(join(dir, "metadata.yaml"));
  const at = text.indexOf("remote:");
  return { head: text.slice(0, at), records: text.slice(at) };
}

Deno.test("an artifact is uploaded, lost, and loaded from the server byte for byte, with a record of it", async () => {
  await using server = await startTestServer();
  using first = tempDir();
  using second = tempDir();
  const created = await run(
    CREATE_ARTIFACT("digits"),
    first.path,
    server.config,
  );
  assertEquals(created.code, 0, created.stderr);
  const original = onlyRun(first.path, ARTIFACTS);
  const node = await server.client.node("/demo/cv/data/digits");

  const loaded = await run(
    `const a = await attemptArtifact("cv/data/digits");
    say([a.name, a.labels, a.alternativeName, a.local]);
    say(a.objects);
    say(a.remote.map(({ action, path }) => [action, path]));
    await a.addReference("s3://bucket/more");`,
    second.path,
    server.config,
  );
  assertEquals(loaded.code, 0, loaded.stderr);
  const copy = onlyRun(second.path, ARTIFACTS);
  const [head, objects, remote] = loaded.stdout.trim().split("\n")
    .map((line) => JSON.parse(line));
  assertEquals(head, ["digits", ["x"], basename(original), copy]);
  assertEquals(objects, [
    { path: "data/a.txt", sizeBytes: 6 },
    { path: "data/empty", sizeBytes: 0 },
    { path: "data/sub/学 习.bin", sizeBytes: 2_000_000 },
    { path: "file.bin", uri: "s3://bucket/key/file.bin" },
  ]);
  assertEquals(remote, [
    ["upload", "/demo/cv/data/digits"],
    ["download", "/demo/cv/data/digits"],
  ]);
  const before = localChecksums(original);
  const after = localChecksums(copy);
  for (const changed of ["metadata.yaml", "references.yaml"]) {
    delete before[changed];
    delete after[changed];
  }
  assertEquals(after, before);
  const [ours, theirs] = [metadataOf(copy), metadataOf(original)];
  assertEquals(ours.head, theirs.head);
  assert(ours.records.startsWith(theirs.records), ours.records);
  assertMatch(
    ours.records.slice(theirs.records.length),
    new RegExp(
      `^- action: download\n  timestamp: '[^']+'\n  host: ${server.url}\n` +
        `  path: /demo/cv/data/digits\n  id: ${node?.id}\n$`,
    ),
  );

  // It is there now, changed, and the server has nothing newer.
  const again = await run(
    `const a = await attemptArtifact("/demo/cv/data/digits/"); say([a.objects.length, a.remote.length]);`,
    second.path,
    server.config,
  );
  assertEquals(again.stdout, "[5,2]\n", again.stderr);
  await server.client.putObject(
    "/demo/cv/data/digits/data/a.txt",
    new TextEncoder().encode("beta\n"),
  );
  const newer = await run(
    `await attemptArtifact("cv/data/digits");`,
    second.path,
    server.config,
  );
  assertEquals(newer.code, 3, newer.stderr);
  assertMatch(newer.stdout, /DownloadError.*differs in data\/a\.txt: load/);
});

Deno.test("loadArtifact() downloads to EM_ARTIFACT_PARENT_DIR, and takes a directory of that path first", async () => {
  await using server = await startTestServer();
  using first = tempDir();
  using second = tempDir();
  await run(CREATE_ARTIFACT("digits"), first.path, server.config);
  const code =
    `const a = await attemptArtifact("cv/data/digits"); say(a.local);`;
  const elsewhere = await run(code, second.path, server.config, {
    EM_ARTIFACT_PARENT_DIR: "else/where",
  });
  const copy = onlyRun(second.path, "else/where");
  assertEquals(elsewhere.stdout, JSON.stringify(copy) + "\n");
  const local = join(second.path, "cv/data/digits");
  Deno.mkdirSync(join(second.path, "cv/data"), { recursive: true });
  Deno.renameSync(copy, local);
  const taken = await run(code, second.path, "");
  assertEquals(taken.stdout, JSON.stringify(local) + "\n", taken.stderr);
});

Deno.test("loadArtifact() names what there is not, what is no artifact, and the permission that is missing", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  await run(CREATE_ARTIFACT("digits"), dir.path, server.config);
  await run(CREATE(), dir.path, server.config);
  const table = [
    [
      "cv/none",
      /NotFoundError.*"\/demo\/cv\/none.*not a local directory or a path on AIStore server/,
    ],
    [
      "/demo/cv",
      /NotFoundError.*is not a node of type ..Artifact.. on .* its type is ..Folder/,
    ],
    ["cv/trip/trip", /NotFoundError.*its type is ..Run/],
    ["t9k-config.yaml", /NotFoundError.*t9k-config\.yaml/],
    ["", /RangeError.*must not be empty/],
  ] as const;
  for (const [path, why] of table) {
    const { code, stdout, stderr } = await run(
      `await attemptArtifact(${JSON.stringify(path)});`,
      dir.path,
      server.config,
    );
    assertEquals(code, 3, stderr);
    assertMatch(stdout, why);
  }
  const code = `await attemptArtifact("cv/data/digits");`;
  const nobody = await run(code, dir.path, "contexts: []\n");
  assertMatch(
    nobody.stdout,
    /NotFoundError.*cv\/data\/digits.* is not a local directory, and no server is known/,
  );
  const wrong = await run(
    `await attemptArtifact("x", { abort: 1 });`,
    dir.path,
    server.config,
  );
  assertMatch(wrong.stdout, /TypeError.*no option ..abort/);

  using fresh = tempDir();
  const env = environment(fresh.path, server.config);
  const net = `--allow-net=${new URL(server.url).host}`;
  const some = ["--allow-env", `--allow-read=.,${fresh.path}`];
  const flags = [
    [[...some, "--allow-write=.em"], /PermissionError.*--allow-net=127/],
    [[...some, net], /PermissionError.*--allow-write=\.?.*artifacts/],
    [[...some, net, "--allow-write=.em"], /^$/],
  ] as const;
  for (const [given, why] of flags) {
    const { stdout, stderr } = await runScript(IMPORT + code, {
      dir: fresh.path,
      env,
      flags: given,
    });
    assertMatch(stdout, why, stderr);
  }
  assertEquals(filesOf(onlyRun(fresh.path, ARTIFACTS)).size, 5);
});

Deno.test("loadArtifact() ends when it is aborted, and goes on when asked again", async () => {
  await using server = await startShakyServer();
  using first = tempDir();
  using second = tempDir();
  await run(CREATE_ARTIFACT("digits"), first.path, server.config);
  server.faulty.script = ({ query }) =>
    query.get("path")?.endsWith(".bin") ? { kind: "hang" } : undefined;
  const aborted = await run(
    `await attemptArtifact("cv/data/digits", { signal: AbortSignal.timeout(2000) });`,
    second.path,
    server.config,
  );
  assertMatch(aborted.stdout, /^\["TimeoutError/, aborted.stderr);
  const parent = join(second.path, ARTIFACTS);
  assertEquals([...Deno.readDirSync(parent)].map(({ name }) => name), [
    ".state",
  ]);
  server.faulty.script = () => undefined;
  const done = await run(
    `const a = await attemptArtifact("cv/data/digits"); say(a.objects.length);`,
    second.path,
    server.config,
  );
  assertEquals(done.stdout, "4\n", done.stderr);
});

/** Two artifacts, one run between them, and the edges. */
async function makeLineage(dir: string, config: string, client: {
  node(path: string): Promise<{ readonly id: string } | undefined>;
  addEdges(edges: { from: string; to: string }[]): Promise<void>;
}): Promise<void> {
  const made = await run(
    `{${CREATE_ARTIFACT("input")}}
    {${CREATE_ARTIFACT("output")}}
    ${CREATE()}`,
    dir,
    config,
  );
  assertEquals(made.code, 0, made.stderr);
  const [from, trip, to] = await Promise.all(
    ["data/input", "trip/trip", "data/output"].map(async (path) =>
      (await client.node(`/demo/cv/${path}`))?.id ?? ""
    ),
  );
  await client.addEdges([
    { from: from ?? "", to: trip ?? "" },
    { from: trip ?? "", to: to ?? "" },
  ]);
}

Deno.test("loadRun() fetches the artifacts of a run if that is wanted and they are not there", async () => {
  await using server = await startTestServer();
  using first = tempDir();
  using second = tempDir();
  await makeLineage(first.path, server.config, server.client);
  const load = (options: string) =>
    run(
      `const run = await attempt("cv/trip/trip", { captureConsole: false, ${options} }); await run.finish();`,
      second.path,
      server.config,
    );
  const without = await load("");
  assertEquals(without.code, 0, without.stderr);
  const parent = join(second.path, ARTIFACTS);
  assertEquals(existing(parent), []);

  const fetched = await load("fetchArtifacts: true");
  assertEquals(fetched.code, 0, fetched.stderr);
  const originals = existing(join(first.path, ARTIFACTS));
  assertEquals(existing(parent), originals);
  assertEquals(originals.length, 2);
  for (const name of originals) {
    const before = localChecksums(join(first.path, ARTIFACTS, name));
    const after = localChecksums(join(parent, name));
    delete before["metadata.yaml"];
    delete after["metadata.yaml"];
    assertEquals(after, before);
    assertMatch(metadataOf(join(parent, name)).records, /- action: download/);
  }

  // One that is there is left alone, whatever it has become.
  const [kept = "", lost = ""] = originals;
  Deno.writeTextFileSync(join(parent, kept, "metadata.yaml"), "mine");
  Deno.removeSync(join(parent, lost), { recursive: true });
  const again = await load("fetchArtifacts: true");
  assertEquals(again.code, 0, again.stderr);
  assertEquals(existing(parent), originals);
  const text = Deno.readTextFileSync(join(parent, kept, "metadata.yaml"));
  assertEquals(text, "mine");
});

Deno.test("loadRun() warns of an artifact that is gone or hidden, and fetches the others", async () => {
  await using server = await startShakyServer();
  using first = tempDir();
  using second = tempDir();
  await makeLineage(first.path, server.config, server.client);
  const output = await server.client.node("/demo/cv/data/output");
  const gone = crypto.randomUUID();
  const hidden = crypto.randomUUID();
  server.faulty.script = ({ path, query }) => {
    if (query.get("node") === hidden) {
      return { kind: "answer", status: 403, body: "permission denied" };
    }
    if (path !== "/apis/v1/graphs") return undefined;
    const graph = {
      in: [{ id: gone }, { id: hidden, type: "Artifact" }, {
        id: crypto.randomUUID(),
        type: "Dataset",
      }],
      out: [output],
    };
    return { kind: "answer", status: 200, body: JSON.stringify(graph) };
  };
  const loaded = await run(
    `const run = await attempt("cv/trip/trip", { captureConsole: false, fetchArtifacts: true }); await run.finish();`,
    second.path,
    server.config,
  );
  assertEquals(loaded.code, 0, loaded.stderr);
  const warnings = loaded.stderr.split("\n").filter((line) =>
    line.includes("WARNING")
  );
  assertEquals(warnings.length, 2, loaded.stderr);
  assertMatch(warnings[0] ?? "", new RegExp(`"${gone}" is gone`));
  assertMatch(warnings[1] ?? "", new RegExp(`"${hidden}" is gone`));
  const [only, ...more] = existing(join(second.path, ARTIFACTS));
  assertMatch(only ?? "", /^output_/);
  assertEquals(more, []);
});

/** What lies in a directory, but for the state directory. */
function existing(dir: string): string[] {
  try {
    return [...Deno.readDirSync(dir)].map(({ name }) => name)
      .filter((name) => name !== ".state").sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

const MIB = 1024 * 1024;

Deno.test("a download that was killed goes on within the object", async () => {
  using data = tempDir();
  const handler = createHandler({ dataDir: data.path });
  let sentBytes = 0;
  let allowedBytes = 40 * MIB;
  /** Counts what is sent, and sends no more than is allowed. */
  const count = (body: ReadableStream<Uint8Array<ArrayBuffer>>) =>
    body.pipeThrough(
      new TransformStream({
        async transform(chunk, controller) {
          await waitFor(
            "leave to send",
            () => sentBytes < allowedBytes || undefined,
          );
          sentBytes += chunk.length;
          controller.enqueue(chunk);
        },
      }),
    );
  await using server = await startFaultyServer({
    async handler(request) {
      const response = await handler.handle(request);
      const isObject = request.method === "GET" &&
        new URL(request.url).pathname.endsWith("/objects");
      return response.body === null || !isObject
        ? response
        : new Response(count(response.body), response);
    },
  });
  using _ = handler;
  const config = configFor(server.url, handler.firstStart?.apiKey ?? "");
  using first = tempDir();
  using second = tempDir();
  const size = 96 * MIB;
  Deno.writeFileSync(
    join(first.path, "big.bin"),
    Uint8Array.from({ length: size }, (_, at) => (at >> 12) ^ at),
  );
  const made = await run(
    `const a = await createArtifact({ name: "big" }); await a.addFile("big.bin");
    await a.upload({ folder: "cv", makeFolder: true });`,
    first.path,
    config,
  );
  assertEquals(made.code, 0, made.stderr);
  const original = onlyRun(first.path, ARTIFACTS);
  const copy = join(second.path, ARTIFACTS, basename(original));
  const partialDir = join(stateDir(copy), "partial");

  const code = `const a = await attemptArtifact("cv/big"); say(a.objects);`;
  const child = spawnScript(IMPORT + code, {
    dir: second.path,
    env: environment(second.path, config),
  });
  const keptBytes = await waitFor("a good part of the object", () => {
    const [size = 0] = existing(partialDir)
      .map((name) => Deno.statSync(join(partialDir, name)).size)
      .toSorted((a, b) => b - a);
    return size >= 30 * MIB ? size : undefined;
  });
  child.kill("SIGKILL");
  await Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
  await child.status;
  assertEquals(existing(join(second.path, ARTIFACTS)), []);

  const before = sentBytes;
  allowedBytes = Infinity;
  const seen = server.requests.length;
  const loaded = await run(code, second.path, config);
  assertEquals(loaded.code, 0, loaded.stderr);
  const objects = server.requests.slice(seen).filter(({ path }) =>
    path === "/apis/v1/objects"
  );
  assertEquals(objects.some(({ status }) => status === 206), true);
  assertLessOrEqual(sentBytes - before, size - keptBytes + MIB);
  const checksums = localChecksums(copy);
  assertEquals(
    checksums["big.bin"],
    localChecksums(original)["big.bin"],
  );
});
