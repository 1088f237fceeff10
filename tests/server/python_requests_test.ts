/** The captured sequences of the Python SDK 0.6 (login, upload, strategies, edges, loading), replayed over sockets. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { type RunningServer, startServer } from "../../src/server/mod.ts";
import { tempDir } from "../support/temp_dir.ts";
import {
  lengthOf,
  NO_BODY,
  type PythonClient,
  pythonClient,
  pythonForm,
  pythonJson,
} from "./support/python_client.ts";

/** The files of a run, in the order in which the SDK sends them. */
const FILES: Readonly<Record<string, string>> = {
  "index.yaml": "metrics:\n- train\n",
  "platform.yaml": "hostname: h\n",
  "stdout.log": "epoch 1\n",
  "hyperparameters.yaml": "lr: 0.1\n",
  "git.yaml": "{}\n",
  "metadata.yaml": "kind: Run\n",
  "metrics/train.yaml": "- metrics:\n    loss: 0.5\n  step: 1\n",
};

interface Scene extends AsyncDisposable {
  readonly server: RunningServer;
  readonly sdk: PythonClient;
}

async function open(): Promise<Scene> {
  const dir = tempDir();
  const server = await startServer({ dataDir: dir.path, port: 0 });
  return {
    server,
    sdk: pythonClient(server),
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      dir[Symbol.dispose]();
    },
  };
}

const quoted = (path: string) =>
  encodeURIComponent(path).replaceAll("%20", "+");

function nodeBody(
  parent: string,
  name: string,
  { type = "Run", alternative = `${name}_261123_082547_iz4yni` } = {},
) {
  return pythonJson(
    `{"parent": "${parent}", "name": "${name}", "labels": ["torch", "CNN"], ` +
      `"description": "demo \\u63cf\\u8ff0", "type": "${type}", "storageType": 2, ` +
      `"extra": "{\\"alternativeName\\": \\"${alternative}\\"}"}`,
  );
}

function folderBody(parent: string, name: string) {
  return pythonJson(
    `{"parent": "${parent}", "name": "${name}", "labels": [], "description": "", "type": "Folder", "storageType": 0, ` +
      `"extra": "{\\"createdTimestamp\\": \\"2026-11-23T08:25:47.283103+00:00\\"}"}`,
  );
}

const idOf = (answer: string): string => JSON.parse(answer.slice(4)).id;

/** Cuts the path out of a refusal as the SDK does: after the last "[", without the last character. */
function missingPath(answer: string): string {
  assertMatch(answer, /^404 .*node not found/);
  return answer.slice(answer.lastIndexOf("[") + 1, -1);
}

/** The same run, by its alternative name, as the SDK compares. */
function alternativeOf(answer: string): string | undefined {
  assertMatch(answer, /^200 /);
  return JSON.parse(JSON.parse(answer.slice(4)).extra).alternativeName;
}

/** Sends all files of a run, and reads its edges, as an upload ends. */
async function sendFiles(sdk: PythonClient, path: string, id: string) {
  for (const [key, content] of Object.entries(FILES)) {
    const answer = await sdk.send(
      `POST /apis/v1/objects path=${quoted(`${path}/${key}`)}`,
      pythonForm(key.slice(key.lastIndexOf("/") + 1), content),
    );
    assertMatch(answer, /^201 {"checksum":"[0-9a-f]{32}"/, key);
  }
  return await sdk.send(`GET /apis/v1/graphs current=${id}`);
}

/** Makes a node in /demo/default, and the folder before it. */
async function placed(sdk: PythonClient, name: string): Promise<string> {
  await sdk.send("POST /apis/v1/nodes", folderBody("/demo", "default"));
  return idOf(
    await sdk.send("POST /apis/v1/nodes", nodeBody("/demo/default", name)),
  );
}

Deno.test("Python s01, s02, s05: login, upload with the folder default missing, the same run again", async () => {
  await using scene = await open();
  const { sdk } = scene;
  assertEquals(
    await sdk.send("GET /oauth2/userinfo"),
    '200 {"preferred_username":"demo"}',
  );
  assertEquals(
    await sdk.send("GET /apis/v1/nodes parent=%2Fdemo&type=Folder"),
    '200 {"pagination":{"page":1,"size":10,"total":0},"data":null}',
  );

  const run = nodeBody("/demo/default", "mnist_torch");
  assertEquals(
    missingPath(await sdk.send("POST /apis/v1/nodes", run)),
    "/demo/default",
  );
  assertEquals(
    await sdk.send("GET /apis/v1/nodes/info node=%2Fdemo%2Fdefault"),
    "404 node not found [/demo/default]",
  );
  const folder = folderBody("/demo", "default");
  assertMatch(await sdk.send("POST /apis/v1/nodes", folder), /^201 {/);
  const made = await sdk.send("POST /apis/v1/nodes", run);
  assertMatch(made, /^201 {"description":"demo 描述"/);
  const { id, labels } = JSON.parse(made.slice(4));
  assertEquals(labels, ["CNN", "torch"]);
  const path = "/demo/default/mnist_torch";
  assertEquals(await sendFiles(sdk, path, id), '200 {"in":[],"out":[]}');

  assertEquals(
    await sdk.send("POST /apis/v1/nodes", run),
    "400 Invalid conflicting node Name: mnist_torch",
  );
  const info = await sdk.send(`GET /apis/v1/nodes/info node=${quoted(path)}`);
  assertEquals(alternativeOf(info), "mnist_torch_261123_082547_iz4yni");
  assertEquals(idOf(info), id);
  assertEquals(await sendFiles(sdk, path, id), '200 {"in":[],"out":[]}');
});

Deno.test("Python s03, s04: a folder that is missing is named, and is made level by level, but not at somebody else's", async () => {
  await using scene = await open();
  const { sdk } = scene;
  const levels = ["/demo/cv", "/demo/cv/image", "/demo/cv/image/mnist"];
  const run = nodeBody("/demo/cv/image/mnist", "run");
  assertEquals(
    missingPath(await sdk.send("POST /apis/v1/nodes", run)),
    "/demo/cv/image/mnist",
  );
  for (const level of levels.toReversed()) {
    assertEquals(
      missingPath(
        await sdk.send(`GET /apis/v1/nodes/info node=${quoted(level)}`),
      ),
      level,
    );
  }
  for (const level of levels) {
    const cut = level.lastIndexOf("/");
    const body = folderBody(level.slice(0, cut), level.slice(cut + 1));
    assertMatch(await sdk.send("POST /apis/v1/nodes", body), /^201 {/);
  }
  const id = idOf(await sdk.send("POST /apis/v1/nodes", run));
  assertEquals(
    await sendFiles(sdk, "/demo/cv/image/mnist/run", id),
    '200 {"in":[],"out":[]}',
  );
  assertEquals(
    await sdk.send("POST /apis/v1/nodes", folderBody("/other", "default")),
    "403 permission denied",
  );
});

Deno.test("Python s06, s08: the conflict strategies skip, error, new and replace, for runs and artifacts", async () => {
  for (const type of ["Run", "Artifact"]) {
    await using scene = await open();
    const { sdk } = scene;
    const first = await placed(sdk, "same");
    const taken = "400 Invalid conflicting node Name: same";
    const post = (name: string) =>
      sdk.send(
        "POST /apis/v1/nodes",
        nodeBody("/demo/default", name, { type, alternative: "same_x" }),
      );
    const infoOf = (name: string) =>
      sdk.send(`GET /apis/v1/nodes/info node=%2Fdemo%2Fdefault%2F${name}`);

    // skip and error: another run has the name.
    assertEquals(await post("same"), taken);
    assertEquals(
      alternativeOf(await infoOf("same")),
      "same_261123_082547_iz4yni",
    );
    // new: under the alternative name, which the second time is the same run.
    const second = idOf(await post("same_x"));
    assertEquals(
      await post("same_x"),
      "400 Invalid conflicting node Name: same_x",
    );
    const found = await infoOf("same_x");
    assertEquals([alternativeOf(found), idOf(found)], ["same_x", second]);
    // replace: whatever has the name goes.
    assertEquals(
      await sdk.send(
        "DELETE /apis/v1/nodes",
        pythonJson('{"node": "/demo/default/same"}'),
      ),
      "204 ",
    );
    const third = idOf(await post("same"));
    assert(third !== first);
    // A folder has no alternative name.
    const folder = await sdk.send(
      "GET /apis/v1/nodes/info node=%2Fdemo%2Fdefault",
    );
    assertEquals(alternativeOf(folder), undefined);
  }
});

Deno.test("Python s07: a run with an input and an output, its edges, and a second upload that adds none", async () => {
  await using scene = await open();
  const { sdk } = scene;
  const run = await placed(sdk, "run");
  const edges = () => sdk.send(`GET /apis/v1/graphs current=${run}`);
  assertEquals(await edges(), '200 {"in":[],"out":[]}');
  const artifacts: string[] = [];
  for (const name of ["dataset", "model"]) {
    const body = nodeBody("/demo/default", name, { type: "Artifact" });
    artifacts.push(idOf(await sdk.send("POST /apis/v1/nodes", body)));
    for (const key of ["metadata.yaml", "references.yaml", "data/a.txt"]) {
      const path = quoted(`/demo/default/${name}/${key}`);
      const file = pythonForm(key.slice(key.lastIndexOf("/") + 1), key);
      assertMatch(
        await sdk.send(`POST /apis/v1/objects path=${path}`, file),
        /^201 /,
      );
    }
  }
  const [input, output] = artifacts;
  const graphs = pythonJson(
    `{"graphs": [{"from": "${input}", "to": "${run}"}, {"from": "${run}", "to": "${output}"}]}`,
  );
  assertMatch(await sdk.send("POST /apis/v1/graphs", graphs), /^201 /);
  const { in: sources, out: targets } = JSON.parse((await edges()).slice(4));
  assertEquals([sources[0].id, targets[0].id], [input, output]);
  for (const id of artifacts) {
    assertEquals(
      idOf(await sdk.send(`GET /apis/v1/nodes/info node=${id}`)),
      id,
    );
  }
});

Deno.test("Python s09, s10: every change of a file is sent whole, and a run is loaded page by page", async () => {
  await using scene = await open();
  const { sdk } = scene;
  const id = await placed(sdk, "run");
  const path = "/demo/default/run";
  await sendFiles(sdk, path, id);
  const odd =
    `path=%2Fdemo%2Fdefault%2Frun%2Fd%2Fe%2F%E4%B8%AD+%E6%96%87+%26%2B%25.txt`;
  assertMatch(
    await sdk.send(
      `POST /apis/v1/objects ${odd}`,
      pythonForm("中 文 &+%.txt", "odd"),
    ),
    /^201 /,
  );
  const alpha = pythonForm("a.txt", "alpha\n");
  assertEquals(lengthOf(alpha), 150);
  for (let times = 1; times <= 3; times++) {
    const body = pythonForm("train.yaml", "- step: 1\n".repeat(times));
    const key = quoted(`${path}/metrics/train.yaml`);
    assertMatch(
      await sdk.send(`POST /apis/v1/objects path=${key}`, body),
      /^201 /,
    );
  }

  const info = await sdk.send(`GET /apis/v1/nodes/info node=${quoted(path)}`);
  assertEquals(JSON.parse(info.slice(4)).type, "Run");
  const wanted = new Map(Object.entries({
    ...FILES,
    "d/e/中 文 &+%.txt": "odd",
    "metrics/train.yaml": "- step: 1\n".repeat(3),
  }));
  const found = new Map<string, string>();
  const listed = await sdk.send(
    `GET /apis/v1/objects/ls path=${quoted(path)}&size=1000&page=1`,
  );
  const page = JSON.parse(listed.slice(4));
  assertEquals(page.pagination, { page: 1, size: 1000, total: 8 });
  for (const object of page.data) {
    const answer = await sdk.send(
      `GET /apis/v1/objects path=${quoted(`${path}/${object.path}`)}`,
    );
    assertEquals(answer.slice(0, 4), "200 ");
    assertEquals(
      new TextEncoder().encode(answer.slice(4)).length,
      object.size_bytes,
    );
    found.set(object.path, answer.slice(4));
  }
  assertEquals(found, new Map([...wanted].sort()));
  assertEquals(
    await sdk.send(
      `GET /apis/v1/objects/ls path=${quoted(path)}&size=1000&page=2`,
    ),
    '200 {"pagination":{"page":2,"size":1000,"total":8},"data":null}',
  );
});

Deno.test("Python s11: 100 MiB go at once, one byte more in eleven parts", async () => {
  await using scene = await open();
  const { sdk } = scene;
  await placed(sdk, "run");
  const chunk = crypto.getRandomValues(new Uint8Array(65536));
  const part = new Uint8Array(10 * 2 ** 20);
  for (let at = 0; at < part.length; at += chunk.length) part.set(chunk, at);
  const whole = pythonForm("big.bin", ...Array<Uint8Array>(10).fill(part));
  assertEquals(lengthOf(whole), 104_857_746);
  const path = "path=%2Fdemo%2Fdefault%2Frun%2Fbig.bin";
  const at = await sdk.send(`POST /apis/v1/objects ${path}`, whole);
  assertEquals(JSON.parse(at.slice(4)).size_bytes, 104_857_600);

  const begun = await sdk.send(
    `POST /apis/v1/objects/multipart ${path}`,
    NO_BODY,
  );
  const { uploadId } = JSON.parse(begun.slice(4));
  const parts: string[] = [];
  for (let number = 1; number <= 11; number++) {
    const answer = await sdk.send(
      `PUT /apis/v1/objects/multipart/${uploadId} ${path}&partNumber=${number}`,
      pythonForm("content", number === 11 ? "!" : part),
    );
    const { eTag } = JSON.parse(answer.slice(4));
    parts.push(`{"etag": ${JSON.stringify(eTag)}, "partNumber": ${number}}`);
  }
  const complete = await sdk.send(
    `POST /apis/v1/objects/multipart/${uploadId} ${path}`,
    pythonJson(`{"parts": [${parts.join(", ")}]}`),
  );
  assertEquals(complete.slice(0, 4), "200 ");
  assertEquals(JSON.parse(complete.slice(4)).size_bytes, 104_857_601);
});

Deno.test("Python s12: refusals in the words that its code looks for", async () => {
  await using scene = await open();
  const { server, sdk } = scene;
  const unknown = pythonClient(server, crypto.randomUUID());
  assertMatch(
    await unknown.send("GET /oauth2/userinfo"),
    /^400 api key .*not found\n$/,
  );
  assertMatch(
    await pythonClient(server, "").send("GET /oauth2/userinfo"),
    /^400 query is needed/,
  );
  assertEquals(
    await sdk.send("GET /apis/v1/nodes parent=%2Fother&type=Folder"),
    "403 permission denied",
  );
  assertEquals(await sdk.send("GET /apis/v1/nope"), "404 ");
  const outside = pythonClient({
    ...server,
    localUrl: new URL("/wrong", server.localUrl).href,
  });
  assertEquals(await outside.send("GET /oauth2/userinfo"), "404 ");
});
