import { assert, assertEquals, assertMatch } from "@std/assert";
import { basename, join } from "@std/path";
import { filesOf, startTestServer } from "../support/em_server.ts";
import { onlyRun } from "../support/script.ts";
import { startShakyServer } from "../support/shaky_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { CREATE, run } from "../support/load_scene.ts";

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
