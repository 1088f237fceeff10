import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { basename, join } from "@std/path";
import { SERVER_PREFIX } from "../../../src/aistore/protocol.ts";
import { decodeArtifactMetadata } from "../../../src/format/artifact_metadata.ts";
import {
  type Association,
  encodeRunMetadata,
  type RunMetadata,
} from "../../../src/format/metadata.ts";
import { openArtifact } from "../../../src/upload/lineage/artifact_source.ts";
import { deliverOnce } from "../../../src/upload/delivering/deliver_once.ts";
import { startDelivery } from "../../../src/upload/delivering/delivery.ts";
import type {
  DeliverOnceOptions,
  NodeSpec,
  UploadReport,
} from "../../../src/upload/types.ts";
import {
  type FaultyServer,
  once,
  type RequestInfo,
  startFaultyServer,
} from "../../support/faulty_server.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { waitFor } from "../../support/wait_for.ts";
import { RealServer } from "../support/real_server.ts";
import { INTENT, Told } from "../support/support.ts";

const MODEL_ID = "22222222-2222-3333-4444-555555555555";

/** A run directory and the artifacts beside it, as createRun and createArtifact leave them. */
class Project implements Disposable {
  readonly #root = tempDir();
  readonly run = join(this.#root.path, "runs", "cnn_261123_082547_iz4yni");
  readonly node: NodeSpec = {
    type: "Run",
    name: "cnn",
    alternativeName: basename(this.run),
    labels: [],
    description: "",
  };
  #metadata: RunMetadata = {
    kind: "Run",
    name: "cnn",
    labels: [],
    description: "",
    startTimestamp: "2026-11-23T08:21:18.167046+00:00",
    endTimestamp: null,
    status: "Running",
    alternativeName: basename(this.run),
    associations: { input: [], output: [] },
    remote: [],
  };

  constructor() {
    Deno.mkdirSync(this.run, { recursive: true });
    this.#save();
  }

  /** Makes an artifact; its directory. */
  artifact(name: string, files: Record<string, string>): string {
    const dir = join(
      this.#root.path,
      "artifacts",
      `${name}_261123_082619_5n2zan`,
    );
    Deno.mkdirSync(dir, { recursive: true });
    Deno.writeTextFileSync(
      join(dir, "metadata.yaml"),
      `kind: Artifact\nname: ${name}\nlabels: []\ndescription: ''\ncreatedTimestamp: '2026-11-23T08:21:18.167046+00:00'\n` +
        `alternativeName: ${basename(dir)}\nremote: []\n`,
    );
    for (const [key, text] of Object.entries(files)) {
      Deno.writeTextFileSync(join(dir, key), text);
    }
    return dir;
  }

  mark(role: "input" | "output", ...items: (string | Association)[]): void {
    const marked = items.map((item): Association =>
      typeof item === "string"
        ? { kind: "Artifact", name: basename(item), localDir: item }
        : item
    );
    const { associations } = this.#metadata;
    this.#metadata = {
      ...this.#metadata,
      associations: {
        ...associations,
        [role]: [...associations[role], ...marked],
      },
    };
    this.#save();
  }

  upload(
    target: DeliverOnceOptions["target"],
    more: Partial<DeliverOnceOptions> = {},
  ): Promise<UploadReport> {
    return deliverOnce({
      dir: this.run,
      node: this.node,
      target,
      intent: INTENT,
      timeoutMs: 20_000,
      reporter: new Told(),
      ...more,
    });
  }

  /** Uploads an artifact by itself. */
  uploadArtifact(
    dir: string,
    target: DeliverOnceOptions["target"],
    folder: string,
  ): Promise<UploadReport> {
    const { node, recordUpload } = openArtifact(dir);
    return this.upload(target, {
      dir,
      node,
      intent: { ...INTENT, folder, makeFolder: true },
      onPlaced: recordUpload,
    });
  }

  #save(): void {
    Deno.writeTextFileSync(
      join(this.run, "metadata.yaml"),
      encodeRunMetadata(this.#metadata),
    );
  }

  [Symbol.dispose](): void {
    this.#root[Symbol.dispose]();
  }
}

/** The names of a run's neighbours. */
async function edges(
  { client }: RealServer,
  runId: string | undefined,
): Promise<{ in: string[]; out: string[] }> {
  const graph = await client.graph(runId ?? "");
  const names = (nodes: readonly { readonly path: string }[]) =>
    nodes.map(({ path }) => path).sort();
  return { in: names(graph.in), out: names(graph.out) };
}

async function assertUploaded(
  server: RealServer,
  dir: string,
  path: string,
): Promise<void> {
  const objects = await server.objects(path);
  const local = [...Deno.readDirSync(dir)].map(({ name }) => name).sort();
  assertEquals([...objects.keys()].sort(), local);
  for (const [key, bytes] of objects) {
    assertEquals(bytes, Deno.readFileSync(join(dir, key)), key);
  }
}

const remoteOf = (dir: string) =>
  decodeArtifactMetadata(Deno.readTextFileSync(join(dir, "metadata.yaml")))
    .remote;

Deno.test("a run's upload brings its artifacts and their edges, once", async () => {
  await using server = await RealServer.start();
  using project = new Project();
  const data = project.artifact("data", { "a.txt": "alpha\n", "b.txt": "b" });
  const model = project.artifact("model", { "w.bin": "weights" });
  project.mark("input", data);
  project.mark("output", model, data);

  const first = await project.upload(server.target);
  assertEquals([first.state, first.pending, first.refused], [
    "complete",
    [],
    [],
  ]);
  assertEquals(first.sentObjects, 1 + 3 + 2);
  assertEquals(await edges(server, first.node?.id), {
    in: ["/demo/default/data"],
    out: ["/demo/default/data", "/demo/default/model"],
  });
  await assertUploaded(server, data, "/demo/default/data");
  await assertUploaded(server, model, "/demo/default/model");
  assertEquals(remoteOf(data).map(({ path }) => path), ["/demo/default/data"]);

  const second = await project.upload(server.target);
  assertEquals([second.state, second.sentObjects], ["complete", 0]);
  assertEquals(remoteOf(data).length, 1);
});

Deno.test("an artifact that is on the server already is connected where it is", async () => {
  await using server = await RealServer.start();
  using project = new Project();
  const data = project.artifact("data", { "a.txt": "alpha\n" });
  await project.uploadArtifact(data, server.target, "shared");
  project.mark("input", data);
  const report = await project.upload(server.target);
  assertEquals([report.state, report.sentObjects], ["complete", 1]);
  assertEquals((await edges(server, report.node?.id)).in, [
    "/demo/shared/data",
  ]);
  assertEquals(await server.client.node("/demo/default/data"), undefined);
});

Deno.test("an artifact that was only downloaded from the server is connected and left as it is there", async () => {
  await using server = await RealServer.start();
  using project = new Project();
  const data = project.artifact("data", { "a.txt": "alpha\n" });
  const id = await server.add("/demo/foreign", "Artifact");
  const path = join(data, "metadata.yaml");
  Deno.writeTextFileSync(
    path,
    Deno.readTextFileSync(path).replace(
      "remote: []",
      `remote:\n- action: download\n  timestamp: '2026-11-23T08:21:18.167046+00:00'\n` +
        `  host: ${server.target.host}\n  path: /demo/foreign\n  id: ${id}`,
    ),
  );
  project.mark("input", data);
  const report = await project.upload(server.target);
  assertEquals([report.state, report.sentObjects], ["complete", 1]);
  assertEquals((await edges(server, report.node?.id)).in, ["/demo/foreign"]);
  assertEquals((await server.objects("/demo/foreign")).size, 0);
});

Deno.test("in the background an artifact and its edge arrive as soon as it is marked, and later changes of it by the end", async () => {
  await using server = await RealServer.start();
  using project = new Project();
  const data = project.artifact("data", { "a.txt": "alpha\n" });
  for (const mode of ["worker", "main"] as const) {
    const delivery = await startDelivery({
      dir: project.run,
      node: project.node,
      target: server.target,
      intent: INTENT,
      mode,
      reporter: new Told(),
    });
    const placement = await delivery.placement;
    assert(placement.state === "placed");
    const name = mode === "worker" ? data : project.artifact("model", {});
    project.mark(mode === "worker" ? "input" : "output", name);
    await waitFor("the edge", async () => {
      const all = await edges(server, placement.node.id);
      return (mode === "worker" ? all.in : all.out)[0];
    });
    Deno.writeTextFileSync(join(name, "late.txt"), mode);
    const report = await delivery.finish({ timeoutMs: 20_000 });
    assertEquals([report.state, report.pending], ["complete", []]);
    const path = `/demo/default/${mode === "worker" ? "data" : "model"}`;
    await assertUploaded(server, name, path);
  }
});

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

Deno.test("models, datasets and their versions are connected by their ids", async () => {
  await using server = await RealServer.start();
  using project = new Project();
  const id = await server.add("/demo/bert", "Model");
  const path = "/demo/bert";
  project.mark(
    "input",
    { kind: "Model", id, path },
    { kind: "branch", id: `${id}:main`, path: `${path}:main` },
  );
  project.mark("output", {
    kind: "commit",
    id: `${id}:bbbbbbbb`,
    path: `${path}:bbbbbbbbbbbb`,
  });
  for (const state of ["first", "again"]) {
    const report = await project.upload(server.target);
    assertEquals([report.state, report.refused], ["complete", []], state);
    assertEquals(await edges(server, report.node?.id), {
      in: ["/demo/bert", "/demo/bert:main"],
      out: ["/demo/bert:bbbbbbbb"],
    });
  }
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
