import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { ROOT } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { copyFixture, listing, makeRun, testViewer } from "./support.ts";

const FIXTURES = fromFileUrl(new URL("tests/fixtures", ROOT));

Deno.test("everything that Python wrote is shown, with every file of it, and indexed to its end", async () => {
  using dir = tempDir();
  const em = join(dir.path, ".em");
  for (const { name, isDirectory } of Deno.readDirSync(FIXTURES)) {
    if (isDirectory && name !== "_parsed") copyFixture(name, em);
  }
  const before = listing(em);
  await using viewer = await testViewer(em);
  const { user } = await viewer.session();
  const kinds = { Run: "runs", Artifact: "artifacts" } as const;
  let files = 0;
  for (const [type, parent] of Object.entries(kinds)) {
    const { data } = await viewer.json(
      `/em/v1/rows?size=1000&recursive=true&type=${type}&folder=/${user}`,
    );
    const names = data.map(({ node }: { node: { name: string } }) => node.name);
    const wanted = [...Deno.readDirSync(join(em, parent))]
      .map(({ name }) => name);
    assertEquals(names.sort(), wanted.sort());
    for (const { node } of data) {
      const { data: objects } = await viewer.json(
        `/apis/v1/objects/ls?size=1000&path=${node.id}`,
      );
      const metrics = objects.filter(({ path }: { path: string }) =>
        path.startsWith("metrics/")
      ).length;
      for (const { path } of objects) {
        const full = encodeURIComponent(`${node.path}/${path}`);
        const answer = await viewer.fetch(`/apis/v1/objects?path=${full}`);
        assertEquals(
          await answer.bytes(),
          Deno.readFileSync(join(em, parent, node.name, path)),
          path,
        );
        files++;
      }
      if (type === "Run") {
        const { documents } = await viewer.json(
          `/em/v1/documents?node=${node.id}`,
        );
        assert(documents.length >= 4, node.name);
        await waitFor(`the index of ${node.name}`, async () => {
          const { runs: [run] } = await viewer.json(
            `/em/v1/series?node=${node.id}`,
          );
          return run.types.length === metrics || undefined;
        });
      }
    }
  }
  assert(files > 100, `${files}`);
  assertEquals(listing(em), before);
  assertEquals(viewer.reports, []);
});

Deno.test("what Python rewrites in place is seen, also of a run that had ended", async () => {
  using dir = tempDir();
  const name = "r_261123_082118_6fauz3";
  const run = makeRun(join(dir.path, "runs"), name, { labels: ["one"] });
  await using viewer = await testViewer(dir.path);
  const { user } = await viewer.session();
  const node = () => viewer.json(`/apis/v1/nodes/info?node=/${user}/${name}`);
  const { id } = await node();
  const path = join(run, "metadata.yaml");
  const text = Deno.readTextFileSync(path);
  // The Python SDK opens the file, empties it, and writes it anew.
  const write = (text: string) => {
    using file = Deno.openSync(path, { write: true, truncate: true });
    file.writeSync(new TextEncoder().encode(text));
  };
  write("");
  write(text.replace("- one", "- two").replace("Complete", "Running"));
  await waitFor(
    "the label",
    async () => (await node()).labels[0] === "two" || undefined,
  );
  await waitFor("the status", async () => {
    const { data } = await viewer.json(`/em/v1/rows?node=${id}`);
    return data[0].run?.status === "Running" || undefined;
  });
  // A run of Python has no note on its process: it stays what it says.
  write(text.replace("- one", "- three"));
  await waitFor("the end", async () => {
    const { data } = await viewer.json(`/em/v1/rows?node=${id}`);
    return data[0].run?.status === "Complete" || undefined;
  });
  assertEquals((await node()).labels, ["three"]);
});
