import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { SERVER_PREFIX } from "../../../src/aistore/protocol.ts";
import {
  type FaultyServer,
  once,
  type RequestInfo,
  startFaultyServer,
} from "../../support/faulty_server.ts";
import { RealServer } from "../support/real_server.ts";
import { INTENT } from "../support/support.ts";
import {
  assertUploaded,
  edges,
  MODEL_ID,
  Project,
} from "../support/project.ts";

Deno.test("what cannot be connected is said with its reason, and does not keep the rest", async () => {
  await using server = await RealServer.start();
  using project = new Project();
  const data = project.artifact("data", { "a.txt": "alpha\n" });
  const gone = join(project.run, "..", "..", "gone_261123_082619_5n2zan");
  project.mark("input", gone, data, {
    kind: "Model",
    id: MODEL_ID,
    path: "/demo/t9k-assethub/model/llm/bert",
  });
  const report = await project.upload(server.target);
  assertEquals(report.state, "refused");
  assertEquals(report.refused.map(({ path }) => path).sort(), [
    "/demo/t9k-assethub/model/llm/bert",
    "gone_261123_082619_5n2zan",
  ]);
  const reasons = report.refused.map(({ reason }) => reason).join("\n");
  assertStringIncludes(reasons, `is not here`);
  assertMatch(reasons, /not connected with the run: .*node not found/s);
  assertEquals((await edges(server, report.node?.id)).in, [
    "/demo/default/data",
  ]);
});

Deno.test("an artifact whose directory is gone counts as connected if the server says so", async () => {
  await using server = await RealServer.start();
  using project = new Project();
  const data = project.artifact("data", { "a.txt": "alpha\n" });
  project.mark("input", data);
  assertEquals((await project.upload(server.target)).state, "complete");
  Deno.removeSync(data, { recursive: true });
  const report = await project.upload(server.target);
  assertEquals([report.state, report.refused], ["complete", []]);
});

/** A socket before a server that misbehaves as told. */
function startFaulty({ target }: RealServer): Promise<FaultyServer> {
  return startFaultyServer({
    handler: (request) => {
      const { pathname, search } = new URL(request.url);
      const path = pathname.slice(SERVER_PREFIX.length);
      const { method, body, headers } = request;
      return fetch(`${target.host}${path}${search}`, { method, body, headers });
    },
  });
}

Deno.test("a key that is refused while an artifact is on its way, and taken again, leaves nothing out and makes nothing twice", async (t) => {
  let users = 0;
  const table: readonly (readonly [
    name: string,
    folder: string,
    isFirst: (request: RequestInfo) => boolean,
  ])[] = [
    [
      "when it is given a place",
      "default",
      ({ path }) => path === "/oauth2/userinfo" && ++users === 2,
    ],
    [
      "when its place is looked for",
      "elsewhere",
      ({ path, query }) =>
        path === "/apis/v1/nodes/info" && !query.get("node")?.startsWith("/"),
    ],
    [
      "when it is sent",
      "elsewhere",
      ({ query }) => query.get("path")?.endsWith("/data/a.txt") === true,
    ],
    [
      "when it is connected",
      "default",
      ({ method, path }) => method === "POST" && path === "/apis/v1/graphs",
    ],
  ];
  for (const [name, folder, isFirst] of table) {
    await t.step(name, async () => {
      await using server = await RealServer.start();
      await using faulty = await startFaulty(server);
      const target = { ...server.target, host: faulty.url };
      using project = new Project();
      const data = project.artifact("data", { "a.txt": "alpha\n" });
      if (folder !== "default") {
        await project.uploadArtifact(data, target, folder);
        Deno.writeTextFileSync(join(data, "a.txt"), "beta\n");
      }
      project.mark("input", data);
      let refusals = 0;
      faulty.script = (request) => {
        const isRefused = refusals > 0 ? refusals < 3 : isFirst(request);
        if (!isRefused) return undefined;
        refusals++;
        return { kind: "answer", status: 401, body: "Unauthorized" };
      };
      const report = await project.upload(target);
      assertEquals([report.state, report.refused], ["complete", []]);
      assertEquals(refusals, 3);
      const path = `/demo/${folder}/data`;
      assertEquals((await edges(server, report.node?.id)).in, [path]);
      await assertUploaded(server, data, path);
      const nodes = await Array.fromAsync(
        server.client.listNodes("/demo/default"),
      );
      assertEquals(nodes.length, folder === "default" ? 2 : 1);
    });
  }
});

Deno.test("failures of the server on the way are overcome", async () => {
  await using server = await RealServer.start();
  await using faulty = await startFaulty(server);
  const isGraph =
    (method: string) => (request: { method: string; path: string }) =>
      request.method === method && request.path === "/apis/v1/graphs";
  const script = [
    once(isGraph("GET"), { kind: "answer", status: 503 }),
    once(isGraph("POST"), { kind: "reset", when: "after-handling" }),
    once(
      ({ path, query }) =>
        path === "/apis/v1/objects" &&
        query.get("path")?.endsWith("a.txt") === true,
      { kind: "reset", when: "mid-body" },
    ),
  ];
  faulty.script = (request) => {
    for (const one of script) {
      const fault = one(request);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
  using project = new Project();
  const data = project.artifact("data", { "a.txt": "alpha\n" });
  project.mark("input", data);
  const report = await project.upload({ ...server.target, host: faulty.url });
  assertEquals([report.state, report.refused], ["complete", []]);
  assertEquals((await edges(server, report.node?.id)).in, [
    "/demo/default/data",
  ]);
  await assertUploaded(server, data, "/demo/default/data");
});

Deno.test("metadata that cannot be read is said, and everything else is delivered", async () => {
  await using server = await RealServer.start();
  using project = new Project();
  Deno.writeTextFileSync(
    join(project.run, "metadata.yaml"),
    "associations:\n  input: 1\n  output: []\n",
  );
  const report = await project.upload(server.target);
  assertEquals(report.state, "refused");
  assertStringIncludes(report.refused[0]?.reason ?? "", `"associations.input"`);
  assertEquals((await server.objects("/demo/default/cnn")).size, 1);
});

Deno.test("an artifact that may not be uploaded because of its name is said", async () => {
  await using server = await RealServer.start();
  for (const conflictStrategy of ["skip", "error"] as const) {
    using project = new Project();
    await server.add(`/demo/${conflictStrategy}`, "Folder");
    await server.add(`/demo/${conflictStrategy}/data`, "Artifact");
    project.mark("input", project.artifact("data", { "a.txt": "alpha\n" }));
    const report = await project.upload(server.target, {
      intent: { ...INTENT, folder: conflictStrategy, conflictStrategy },
    });
    assertEquals(report.state, "refused", conflictStrategy);
    assertStringIncludes(
      report.refused[0]?.reason ?? "",
      conflictStrategy === "skip" ? `strategy is "skip"` : "already exists",
    );
  }
});
