import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { startTestServer } from "../support/em_server.ts";
import { localChecksums, startShakyServer } from "../support/shaky_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import {
  ARTIFACTS,
  CREATE,
  CREATE_ARTIFACT,
  existing,
  metadataOf,
  run,
} from "../support/load_scene.ts";

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
