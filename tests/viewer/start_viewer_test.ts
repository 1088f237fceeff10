import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { basename, join } from "@std/path";
import { ListenError } from "../../src/server/listen_error.ts";
import { startViewer } from "../../src/viewer/start_viewer.ts";
import { ViewerError } from "../../src/viewer/viewer_error.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import {
  append,
  copyFixture,
  listing,
  makeRun,
  record,
  type TestViewer,
  testViewer,
} from "./support.ts";

const RUN = "mnist_torch_261123_082118_6fauz3";
const DATASET = "mnist_dataset_261123_082118_x7xbfg";
const MODEL = "mnist_torch_saved_model_261123_082118_3elffe";

/** A project with `.em`, and the names that it has below its root. */
function project(name: string, fixture?: string) {
  const dir = tempDir();
  const path = join(dir.path, name);
  const em = join(path, ".em");
  Deno.mkdirSync(em, { recursive: true });
  if (fixture !== undefined) copyFixture(fixture, em);
  return { path, em, [Symbol.dispose]: () => dir[Symbol.dispose]() };
}

async function names(viewer: TestViewer, parent: string): Promise<string[]> {
  const { data } = await viewer.json(
    `/apis/v1/nodes?size=100&parent=${parent}`,
  );
  return (data ?? []).map((node: { type: string; name: string }) =>
    `${node.type} ${node.name}`
  );
}

Deno.test("a directory that Python wrote is shown as a tree: runs at its top, artifacts in a folder, connected", async () => {
  using dir = project("lab", "c08_artifacts");
  await using viewer = await testViewer(dir.path);
  assertEquals(viewer.viewer.root, dir.em);
  assertEquals(await names(viewer, "/lab"), [
    "Folder artifacts",
    `Run ${RUN}`,
  ]);
  assertEquals(await names(viewer, "/lab/artifacts"), [
    `Artifact ${DATASET}`,
    `Artifact ${MODEL}`,
  ]);
  const run = await viewer.json(`/apis/v1/nodes/info?node=/lab/${RUN}`);
  assertEquals(run.permission, "view");
  assertEquals(JSON.parse(run.extra), {
    alternativeName: RUN,
    name: "mnist_torch",
  });
  const graph = await viewer.json(`/apis/v1/graphs?current=${run.id}`);
  const ends = (nodes: { name: string }[]) => nodes.map(({ name }) => name);
  assertEquals([ends(graph.in), ends(graph.out)], [[DATASET], [MODEL]]);
  const { nodes, edges } = await viewer.json(
    `/apis/v1/graphs/component?current=${graph.in[0].id}`,
  );
  assertEquals([nodes.length, edges.length], [3, 2]);
  assertEquals(viewer.reports, []);
});

Deno.test("a run, a directory of runs and an artifact are shown, too", async () => {
  using dir = project("lab", "c08_artifacts");
  const cases: [string, string[]][] = [
    ["runs", [`Run ${RUN}`]],
    [`runs/${RUN}`, [`Run ${RUN}`]],
    ["artifacts", [`Artifact ${DATASET}`, `Artifact ${MODEL}`]],
    [`artifacts/${MODEL}`, [`Artifact ${MODEL}`]],
  ];
  for (const [below, wanted] of cases) {
    await using viewer = await testViewer(join(dir.em, below));
    assertEquals(await names(viewer, `/${basename(below)}`), wanted, below);
  }
});

Deno.test("whoever comes is signed in, and the pages are told that nothing can be changed", async () => {
  using dir = project("lab", "c01_plain");
  await using viewer = await testViewer(dir.em);
  assertEquals(await viewer.session(), {
    user: "lab",
    mode: "local",
    readOnly: true,
    directory: dir.em,
  });
  assertEquals(
    await viewer.text("/oauth2/userinfo?apikey=whatever"),
    '200 {"preferred_username":"lab"}',
  );
  const root = await fetch(new URL("/", viewer.viewer.url), {
    redirect: "manual",
  });
  await root.body?.cancel();
  assertEquals(
    [root.status, root.headers.get("location")],
    [302, "/t9k/em/web/"],
  );
  const page = await fetch(viewer.viewer.url);
  await page.body?.cancel();
  assertMatch(
    page.headers.get("content-security-policy") ?? "",
    /^default-src 'self'/,
  );
  assertEquals(page.headers.get("access-control-allow-origin"), null);
});

Deno.test("every request that would change something is refused with 403 and the reason", async () => {
  using dir = project("lab", "c08_artifacts");
  const before = listing(dir.path);
  await using viewer = await testViewer(dir.em);
  const node = `/lab/${RUN}`;
  const file = `${node}/stdout.log`;
  const json = (method: string, body: unknown): RequestInit => ({
    method,
    body: JSON.stringify(body),
  });
  const form = new FormData();
  form.append("content", new Blob(["x"]), "content");
  const requests: [string, RequestInit][] = [
    [
      "/apis/v1/nodes",
      json("POST", { parent: "/lab", name: "f", type: "Folder" }),
    ],
    ["/apis/v1/nodes", json("PUT", { node, name: "other" })],
    ["/apis/v1/nodes", json("DELETE", { node })],
    ["/apis/v1/nodes/shares", json("PUT", { node, shares: [] })],
    [`/apis/v1/objects?path=${file}`, { method: "POST", body: form }],
    [`/apis/v1/objects?path=${file}`, { method: "DELETE" }],
    [`/apis/v1/objects?path=${file}`, {
      method: "PATCH",
      body: "x",
      headers: {
        "content-type": "application/offset+octet-stream",
        "upload-offset": "0",
      },
    }],
    ["/apis/v1/objects/delete", json("POST", { node, paths: ["stdout.log"] })],
    ["/apis/v1/objects/copy", json("POST", { from: file, to: `${node}/b` })],
    [`/apis/v1/objects/multipart?path=${file}`, { method: "POST" }],
    ["/apis/v1/graphs", json("POST", { graphs: [] })],
    ["/apis/v1/graphs", json("DELETE", { graphs: [] })],
    ["/apis/v1/trash/restore", json("POST", { id: "x" })],
    ["/../../em/web/session", json("POST", { apiKey: "x" })],
    ["/../../em/web/session", { method: "DELETE" }],
  ];
  for (const [path, init] of requests) {
    assertEquals(
      await viewer.text(path, init),
      `403 permission denied: this page only shows the directory "${dir.em}" and changes nothing`,
      `${init.method} ${path}`,
    );
  }
  assertEquals(listing(dir.path), before);
});

Deno.test("files are listed and read in place, whole and in part", async () => {
  using dir = project("lab");
  const run = makeRun(join(dir.em, "runs"), RUN);
  Deno.mkdirSync(join(run, "checkpoints/1"), { recursive: true });
  Deno.writeTextFileSync(join(run, "checkpoints/1/空 格.bin"), "0123456789");
  await using viewer = await testViewer(dir.em);
  const path = `/lab/${RUN}`;
  const { data } = await viewer.json(`/apis/v1/objects/ls?path=${path}`);
  assertEquals(
    data.map((object: { path: string; size_bytes: number }) => object.path),
    ["checkpoints/1/空 格.bin", "metadata.yaml"],
  );
  const key = encodeURIComponent(`${path}/checkpoints/1/空 格.bin`);
  const url = `/apis/v1/objects?path=${key}`;
  assertEquals(await viewer.text(url), "200 0123456789");
  const part = await viewer.fetch(url, { headers: { range: "bytes=3-5" } });
  assertEquals([part.status, await part.text()], [206, "345"]);
  const etag = part.headers.get("etag") ?? "";
  const again = await viewer.fetch(url, { headers: { "if-none-match": etag } });
  assertEquals([again.status, await again.text()], [304, ""]);
  // What has been written since is what is read.
  append(join(run, "checkpoints/1/空 格.bin"), "ab");
  const longer = await waitFor("the longer file", async () => {
    const answer = await viewer.text(url);
    return answer.endsWith("ab") ? answer : undefined;
  });
  assertEquals(longer, "200 0123456789ab");
  Deno.removeSync(join(run, "checkpoints/1/空 格.bin"));
  assertStringIncludes(
    await waitFor("the file to be gone", async () => {
      const answer = await viewer.text(url);
      return answer.startsWith("404") ? answer : undefined;
    }),
    "object not found",
  );
  assertEquals(viewer.reports, []);
});

Deno.test("symbolic links lead nowhere outside of a run, also if a file becomes one later", async () => {
  using dir = project("lab");
  const run = makeRun(join(dir.em, "runs"), RUN);
  const secret = join(dir.path, "secret.txt");
  Deno.writeTextFileSync(secret, "secret");
  Deno.symlinkSync(secret, join(run, "out.txt"));
  Deno.symlinkSync(dir.path, join(run, "up"));
  Deno.symlinkSync("metadata.yaml", join(run, "inside.yaml"));
  Deno.writeTextFileSync(join(run, "turns.txt"), "plain");
  Deno.mkdirSync(join(run, "deep"));
  Deno.writeTextFileSync(join(run, "deep/secret.txt"), "plain");
  // A whole run that is elsewhere is not followed either.
  const elsewhere = makeRun(dir.path, "x_261123_082118_aaaaaa");
  Deno.symlinkSync(elsewhere, join(dir.em, "runs/y_261123_082118_bbbbbb"));
  await using viewer = await testViewer(dir.em);
  const path = `/lab/${RUN}`;
  const keys = async (): Promise<string[]> =>
    (await viewer.json(`/apis/v1/objects/ls?path=${path}`)).data
      .map((object: { path: string }) => object.path);
  assertEquals(await names(viewer, "/lab"), [`Run ${RUN}`]);
  const plain = [
    "deep/secret.txt",
    "inside.yaml",
    "metadata.yaml",
    "turns.txt",
  ];
  assertEquals(await keys(), plain);
  const read = (key: string) =>
    viewer.text(
      `/apis/v1/objects?path=${encodeURIComponent(`${path}/${key}`)}`,
    );
  for (const key of ["out.txt", "up/secret.txt", "../../../secret.txt"]) {
    assertMatch(await read(key), /^40[04] /, key);
  }
  Deno.removeSync(join(run, "turns.txt"));
  Deno.symlinkSync(secret, join(run, "turns.txt"));
  Deno.removeSync(join(run, "deep"), { recursive: true });
  Deno.symlinkSync(dir.path, join(run, "deep"));
  for (const key of ["turns.txt", "deep/secret.txt"]) {
    const answer = await read(key);
    assert(!answer.includes("secret") || answer.startsWith("404"), answer);
  }
});

Deno.test("ids are the same after a restart, and other directories have others", async () => {
  using dir = project("lab", "c08_artifacts");
  const ids = async (): Promise<string[]> => {
    await using viewer = await testViewer(dir.em);
    const paths = [
      "/lab",
      `/lab/${RUN}`,
      "/lab/artifacts",
      `/lab/artifacts/${MODEL}`,
    ];
    const found: string[] = [];
    for (const path of paths) {
      found.push((await viewer.json(`/apis/v1/nodes/info?node=${path}`)).id);
    }
    return found;
  };
  const first = await ids();
  assertEquals(await ids(), first);
  assertEquals(new Set(first).size, 4);
  for (const id of first) {
    assertMatch(
      id,
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  }
});

Deno.test("nothing below the directory changes, and nothing is left behind", async () => {
  using dir = project("lab", "c08_artifacts");
  copyFixture("c12_kill9", dir.em);
  Deno.chmodSync(join(dir.em, "runs"), 0o555);
  Deno.chmodSync(dir.em, 0o555);
  const before = listing(dir.path);
  {
    await using viewer = await testViewer(dir.em);
    for (const path of ["/lab", "/lab/artifacts"]) {
      const { data } = await viewer.json(`/apis/v1/nodes?parent=${path}`);
      for (const { id, type } of data) {
        await viewer.json(`/em/v1/series?node=${id}`);
        if (type !== "Folder") await viewer.json(`/em/v1/documents?node=${id}`);
      }
    }
  }
  assertEquals(listing(dir.path), before);
  Deno.chmodSync(dir.em, 0o755);
  Deno.chmodSync(join(dir.em, "runs"), 0o755);
});

Deno.test("a directory that is missing or holds nothing is an error; an empty .em is not, and fills up", async () => {
  using dir = project("lab");
  const other = join(dir.path, "other");
  Deno.mkdirSync(other);
  const cases: [string, string][] = [
    [join(dir.path, "no"), "there is no such directory"],
    [other, "it holds no runs and no artifacts"],
  ];
  for (const [path, problem] of cases) {
    const error = await assertRejects(
      () => startViewer({ dir: path }),
      ViewerError,
    );
    assertStringIncludes(error.message, `Cannot show "${path}": ${problem}`);
  }
  await using viewer = await testViewer(dir.em);
  assertEquals(await names(viewer, "/lab"), []);
  const run = makeRun(join(dir.em, "runs"), RUN, { labels: ["late"] });
  await waitFor(
    "the new run",
    async () => (await names(viewer, "/lab")).length === 1 || undefined,
  );
  const { labels } = await viewer.json(`/apis/v1/nodes/info?node=/lab/${RUN}`);
  assertEquals(labels, ["late"]);
  Deno.removeSync(run, { recursive: true });
  await waitFor(
    "the run to be gone",
    async () => (await names(viewer, "/lab")).length === 0 || undefined,
  );
});

Deno.test("without a port it takes the next free one; a port that is named and taken is an error", async () => {
  using dir = project("lab");
  const reporter = { info() {}, warn() {} };
  await using first = await startViewer({ dir: dir.em, reporter });
  await using second = await startViewer({ dir: dir.em, reporter });
  assert(first.port >= 5858 && second.port > first.port, `${second.port}`);
  await assertRejects(
    () => startViewer({ dir: dir.em, port: first.port, reporter }),
    ListenError,
  );
});

Deno.test("points are there for runs whose metrics end in a torn record, and go on when it is whole", async () => {
  using dir = project("lab", "c22_torn_metrics");
  const run = "torn_261123_084324_opfvnn";
  await using viewer = await testViewer(dir.em);
  const { id } = await viewer.json(`/apis/v1/nodes/info?node=/lab/${run}`);
  const torn = await waitFor("the torn files", async () => {
    const { runs: [found] } = await viewer.json(`/em/v1/series?node=${id}`);
    return found.types.length === 3 ? found.types : undefined;
  });
  assert(torn.some(({ isTorn }: { isTorn: boolean }) => isTorn));

  const other = makeRun(join(dir.em, "runs"), RUN);
  const file = join(other, "metrics/train.yaml");
  Deno.writeTextFileSync(file, record(1, 1) + record(2, 2).slice(0, 30));
  const points = async (): Promise<number> => {
    const node = await viewer.text(`/apis/v1/nodes/info?node=/lab/${RUN}`);
    if (!node.startsWith("200 ")) return -1;
    const { id } = JSON.parse(node.slice(4));
    const answer = await viewer.json(
      `/em/v1/points?node=${id}&metric=train/loss`,
    );
    return answer.series[0].count;
  };
  const pointsAre = (count: number) =>
    waitFor(
      `${count} points`,
      async () => await points() === count || undefined,
    );
  await pointsAre(1);
  append(file, record(2, 2).slice(30) + record(3, 3));
  await pointsAre(3);
  // Recovery cuts a torn record off, and goes on there.
  append(file, record(4, 4).slice(0, 10));
  Deno.truncateSync(file, 3 * record(1, 1).length);
  append(file, record(4, 4));
  await pointsAre(4);
});
