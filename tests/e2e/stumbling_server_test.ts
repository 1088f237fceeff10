import { assertEquals } from "@std/assert";
import {
  type Fault,
  once,
  type RequestInfo,
  type Script,
} from "../support/faulty_server.ts";
import { startLive } from "../support/live_script.ts";
import { onlyRun } from "../support/script.ts";
import {
  checksumsOf,
  localChecksums,
  startShakyServer,
} from "../support/shaky_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import {
  answer,
  arrived,
  assertCalm,
  assertWhole,
  isPut,
} from "../support/bad_day.ts";

/** What nginx says when there is nobody behind it. */
const NGINX_502 = `<html>\r
<head><title>502 Bad Gateway</title></head>\r
<body>\r
<center><h1>502 Bad Gateway</h1></center>\r
<hr><center>nginx</center>\r
</body>\r
</html>\r
`;

Deno.test("whatever a server or gateway does to a few requests, everything arrives, and once", async (t) => {
  await using server = await startShakyServer();
  using dir = tempDir();
  const faults: readonly (readonly [name: string, fault: Fault])[] = [
    ["503", answer(503, "busy")],
    ["503 with Retry-After", answer(503, "busy", { "retry-after": "1" })],
    ["429 with Retry-After", answer(429, "slowly", { "retry-after": "1" })],
    ["500", answer(500, "oops")],
    ["reset before the body", { kind: "reset", when: "before-body" }],
    ["reset within the body", { kind: "reset", when: "mid-body" }],
    ["reset after the body", { kind: "reset", when: "after-body" }],
    ["answer lost", { kind: "reset", when: "after-handling" }],
    ["reset within the answer", { kind: "reset", when: "mid-answer" }],
    ["slow", { kind: "delay", ms: 300 }],
    [
      "page with 200",
      answer(200, "<!DOCTYPE html><title>Maintenance</title>", {
        "content-type": "text/html",
      }),
    ],
    [
      "page with 404",
      answer(404, "<html>default backend - 404</html>", {
        "content-type": "text/html",
      }),
    ],
    ["redirect to a login page", answer(302, "", { location: "/login" })],
    ["page with 502", answer(502, NGINX_502)],
    ["corrupt answer", { kind: "corrupt" }],
  ];
  const live = startLive(
    `const run = await createRun({ name: "shaky", autoUpload: true });
    for (let i = 0; i < ${faults.length}; i++) {
      await told(i);
      for (let j = 0; j < 50; j++) log(run);
      run.hparams["n" + i] = i;
      say("FLUSH " + i + " " + (await run.flush({ timeoutMs: 20_000 })).state);
    }
    await end(run);`,
    { dir: dir.path, config: server.config },
  );
  await arrived(server, "/demo/default/shaky stdout.log");
  for (const [index, [name, fault]] of faults.entries()) {
    await t.step(name, async () => {
      const before = server.faulty.requests.length;
      server.faulty.script = once(isPut, fault, 2);
      live.tell(`${index}`);
      await live.heard(`FLUSH ${index} `);
      const hit = server.faulty.requests.slice(before).filter((request) =>
        request.fault !== undefined
      );
      assertEquals(hit.length, 2, "the fault has happened");
      const run = onlyRun(dir.path);
      const there = await checksumsOf(server.client, "/demo/default/shaky");
      const here = localChecksums(run);
      for (const file of ["metrics/train.yaml", "hyperparameters.yaml"]) {
        assertEquals(there[file], here[file], file);
      }
    });
  }
  const result = await live.end();
  assertCalm(result, server.apiKey);
  assertEquals(result.stdout.match(/FLUSH \d+ complete/g)?.length, 15);
  assertEquals(result.reports[0]?.state, "complete");
  assertEquals(result.warnings.length, 1, result.stderr);
  await assertWhole(server, "/demo/default/shaky", onlyRun(dir.path));
});

Deno.test("createRun() at a server that stumbles makes one node, and delivers to it", async (t) => {
  const isNew = ({ method, path }: RequestInfo) =>
    method === "POST" && path === "/apis/v1/nodes";
  const scripts: readonly (readonly [name: string, script: () => Script])[] = [
    [
      "nodes are made, but no answer comes",
      () => once(isNew, { kind: "reset", when: "after-handling" }, 6),
    ],
    ["a burst of 503", () => once(() => true, answer(503), 3)],
    [
      "a gateway with nobody behind it",
      () => once(() => true, answer(502, NGINX_502), 3),
    ],
    [
      "300 ms late",
      () => () => ({ kind: "delay", ms: 300 }),
    ],
    [
      "objects cannot be listed at first",
      () => {
        const lost = once(isNew, { kind: "reset", when: "after-handling" }, 4);
        const list = once(
          ({ path }) => path === "/apis/v1/objects/ls",
          answer(503),
        );
        return (request) => lost(request) ?? list(request);
      },
    ],
  ];
  for (const [name, script] of scripts) {
    await t.step(name, async () => {
      await using server = await startShakyServer();
      server.faulty.script = script();
      using dir = tempDir();
      const live = startLive(
        `const run = await createRun({ name: "start", autoUpload: true });
        for (let i = 0; i < 20; i++) log(run);
        await end(run);`,
        { dir: dir.path, config: server.config },
      );
      const result = await live.end();
      assertCalm(result, server.apiKey);
      assertEquals(result.reports[0]?.state, "complete", result.stderr);
      const warnings = result.warnings.filter((line) =>
        !line.includes("is slow to answer")
      );
      assertEquals(
        warnings.length,
        name === "300 ms late" ? 0 : 1,
        result.stderr,
      );
      const nodes = await Array.fromAsync(
        server.client.listNodes("/demo/default"),
      );
      assertEquals(nodes.map((node) => node.name), ["start"]);
      await assertWhole(server, "/demo/default/start", onlyRun(dir.path));
    });
  }
});
