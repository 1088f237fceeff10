import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { startDelivery } from "../../../src/upload/delivering/delivery.ts";
import { waitFor } from "../../support/wait_for.ts";
import { RealServer } from "../support/real_server.ts";
import { INTENT, Told } from "../support/support.ts";
import {
  assertUploaded,
  edges,
  Project,
  remoteOf,
} from "../support/project.ts";

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
