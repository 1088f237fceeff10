import { assertEquals, assertStringIncludes } from "@std/assert";
import { basename, join } from "@std/path";
import { setSession } from "../../src/aistore/session.ts";
import { findDirectories } from "../../src/sync/find_directories.ts";
import { startTestServer } from "../support/em_server.ts";
import { startFaultyServer } from "../support/faulty_server.ts";
import { writeRun } from "../support/plain_run.ts";
import { ROOT, runScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runWith } from "./fake_io.ts";

const SCRIPT = `
import { createArtifact, createRun } from "${new URL("mod.ts", ROOT)}";
const data = await createArtifact({ name: "data" });
await Deno.writeTextFile("x.txt", "x");
await data.addFile("x.txt");
const other = await createArtifact({ name: "other" });
for (const [name, mark] of [["made", "markOutput"], ["used", "markInput"], ["again", "markInput"]]) {
  const run = await createRun({ name, autoUpload: true, makeFolder: true, folder: "flow" });
  run[mark](data);
  if (name === "made") run.markInput(other);
  await run.finish();
}
`;

Deno.test("em describe says which runs have produced and used an artifact, here and on a server", async () => {
  using dir = tempDir();
  await using server = await startTestServer();
  const config = join(dir.path, "t9k.yaml");
  Deno.writeTextFileSync(config, server.config);
  const env = { T9K_CONFIG: config };
  const made = await runScript(SCRIPT, { dir: dir.path, env });
  assertEquals(made.code, 0, made.stderr);
  const user = { apiKey: server.apiKey, user: "demo", timeoutMs: undefined };
  setSession({ host: server.url, ...user });
  const [artifact = ""] = findDirectories(join(dir.path, ".em", "artifacts"));
  const runs = findDirectories(join(dir.path, ".em", "runs"));
  const named = (name: string) =>
    runs.filter((path) => basename(path).startsWith(`${name}_`));
  // One that cannot be read, and one that only speaks of it.
  const damaged = writeRun(join(dir.path, ".em", "runs"));
  Deno.writeTextFileSync(
    join(damaged, "metadata.yaml"),
    `kind: [${basename(artifact)}`,
  );
  writeRun(join(dir.path, ".em", "runs"), {
    metadata: { description: basename(artifact) },
  });

  const describe = async (path: string) => {
    const told = await runWith(["describe", path]);
    assertEquals([told.code, told.stderr], [0, ""], path);
    const { stdout } = await runWith(["describe", path, "--json"]);
    const { producedBy, usedBy } = JSON.parse(stdout);
    const paths = (all: { path: string }[]) => all.map(({ path }) => path);
    return {
      text: told.stdout,
      producedBy: paths(producedBy),
      usedBy: paths(usedBy),
    };
  };
  const here = await describe(artifact);
  assertEquals(here.producedBy, named("made"));
  assertEquals(here.usedBy, [...named("again"), ...named("used")]);
  assertStringIncludes(here.text, `Produced by\n  Run  ${named("made")[0]}\n`);
  assertStringIncludes(here.text, `Used by\n  Run  ${named("again")[0]}\n`);
  const there = await describe("flow/data");
  assertEquals(there.producedBy, ["/demo/flow/made"]);
  assertEquals(there.usedBy, ["/demo/flow/again", "/demo/flow/used"]);
  const run = await describe(named("used")[0] ?? "");
  assertEquals([run.producedBy, run.usedBy], [[], []]);
  assertStringIncludes(
    run.text,
    `Inputs\n  Artifact  ${basename(artifact)}\n`,
  );

  // A server that knows nothing of dataflow tells the rest.
  await using plain = await startFaultyServer({
    handler: (request) => {
      const { pathname, search } = new URL(request.url);
      return fetch(new URL(pathname + search, server.url), request);
    },
    script: ({ path }) =>
      path === "/apis/v1/graphs" ? { kind: "answer", status: 404 } : undefined,
  });
  setSession({ host: plain.url, ...user });
  const rest = await runWith(["describe", "flow/data"]);
  assertEquals(rest.code, 0, rest.stderr);
  assertStringIncludes(rest.stdout, "Artifact data_");
  assertStringIncludes(rest.stderr, "404");
});
