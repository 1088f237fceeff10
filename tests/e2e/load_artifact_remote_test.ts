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
import { onlyRun, runScript, spawnScript } from "../support/script.ts";
import {
  configFor,
  localChecksums,
  startShakyServer,
} from "../support/shaky_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import {
  ARTIFACTS,
  CREATE,
  CREATE_ARTIFACT,
  environment,
  existing,
  IMPORT,
  metadataOf,
  run,
} from "../support/load_scene.ts";

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
