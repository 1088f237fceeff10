import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { dirname, join } from "@std/path";
import { startServer } from "@t9k/em/server";
import {
  compareNode,
  type CompareOptions,
} from "../../examples/demo/compare_node.ts";
import { demoReport } from "../../examples/demo/report.ts";
import type { Training } from "../../examples/mnist/train.ts";
import { withTempDir } from "./child.ts";

const NODE = "/demo/run";

/** A node of 25 objects on a real server, and a directory with the same files. */
async function withCopy(
  use: (options: CompareOptions) => Promise<void>,
): Promise<void> {
  await withTempDir(async (dir) => {
    const localDir = join(dir, "run");
    const server = await startServer({
      dataDir: join(dir, "data"),
      port: 0,
      user: "demo",
    });
    try {
      const options = {
        host: server.url,
        apiKey: server.firstStart?.apiKey ?? "",
        nodePath: NODE,
        localDir,
      };
      await send(options, "nodes", {
        body: JSON.stringify({
          parent: "/demo",
          name: "run",
          labels: [],
          description: "",
          type: "Run",
          storageType: 2,
          extra: "{}",
        }),
      });
      for (let i = 0; i < 23; i++) {
        await putBoth(
          options,
          `metrics/m${i}.yaml`,
          new Uint8Array(i * 1000).fill(i),
        );
      }
      await putBoth(options, "empty", new Uint8Array());
      await putBoth(
        options,
        "a b/数 &+%.bin",
        new Uint8Array([0, 255, 10, 13]),
      );
      await use(options);
    } finally {
      await server.shutdown();
    }
  });
}

async function send(
  { host, apiKey }: CompareOptions,
  call: string,
  init: RequestInit,
): Promise<void> {
  const separator = call.includes("?") ? "&" : "?";
  const response = await fetch(
    `${host}/apis/v1/${call}${separator}apikey=${apiKey}`,
    { method: "POST", ...init },
  );
  const answer = await response.text();
  assert(response.ok, answer);
}

async function put(
  options: CompareOptions,
  key: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const body = new FormData();
  body.append("content", new Blob([bytes]), "content");
  await send(
    options,
    `objects?${new URLSearchParams({ path: `${NODE}/${key}` })}`,
    { body },
  );
}

async function putBoth(
  options: CompareOptions,
  key: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  await Deno.mkdir(dirname(join(options.localDir, key)), { recursive: true });
  await Deno.writeFile(join(options.localDir, key), bytes);
  await put(options, key, bytes);
}

Deno.test("compareNode() finds equal copies equal, over all pages of the listing", async () => {
  await withCopy(async (options) => {
    const { same, localBytes, differences } = await compareNode(options);
    assertEquals(differences, []);
    assertEquals(same.length, 25);
    assertEquals(localBytes, 1000 * (22 * 23 / 2) + 4);
  });
});

Deno.test("compareNode() finds what is missing, extra, changed, cut and longer, and the report lists it", async () => {
  await withCopy(async (options) => {
    await Deno.writeFile(
      join(options.localDir, "only_here"),
      new Uint8Array(3),
    );
    await put(options, "only_there", new Uint8Array(3));
    await put(
      options,
      "metrics/m3.yaml",
      new Uint8Array(3000).fill(3).with(2999, 4),
    );
    await put(options, "metrics/m4.yaml", new Uint8Array(3999).fill(4));
    await put(options, "metrics/m5.yaml", new Uint8Array(5001).fill(5));
    const comparison = await compareNode(options);
    assertEquals(comparison.same.length, 22);
    assertEquals(comparison.differences, [
      "metrics/m3.yaml: differs from byte 2999 on (3000 bytes here, 3000 there)",
      "metrics/m4.yaml: differs from byte 3999 on (4000 bytes here, 3999 there)",
      "metrics/m5.yaml: differs from byte 5000 on (5000 bytes here, 5001 there)",
      "only_here: is not on the server",
      "only_there: is on the server only",
    ]);

    const score = { loss: 1, accuracy: 0.5 };
    const training = {
      train: score,
      val: score,
      steps: 1,
      seconds: 1,
    } as Training;
    const report = demoReport({
      root: "r",
      dataDir: "r/server",
      ...options,
      training,
      received: { requests: 1, receivedBodyBytes: 1 },
      comparison,
    });
    assertStringIncludes(report, "27 files, 247.1 KiB: 5 DIFFER");
    for (const difference of comparison.differences) {
      assertStringIncludes(report, difference);
    }
  });
});

Deno.test("compareNode() rejects when the server does not answer the question", async () => {
  await withCopy(async (options) => {
    const error = await assertRejects(
      () => compareNode({ ...options, nodePath: "/demo/missing" }),
      Error,
      "404",
    );
    assertEquals(error.message.includes(options.apiKey), false);
    await assertRejects(
      () => compareNode({ ...options, apiKey: crypto.randomUUID() }),
      Error,
      "400",
    );
  });
});
