import { assert, assertEquals } from "@std/assert";
import { EventHub } from "../../../src/server/metrics/event_hub.ts";
import { eventStream } from "../../../src/server/metrics/event_stream.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { openFixture } from "../support/fixture.ts";
import {
  type EmServer,
  emServer,
  metadataText,
  metricsText,
} from "./support.ts";

interface Told {
  readonly id: string;
  readonly event: string;
  // deno-lint-ignore no-explicit-any -- tests look into it freely
  readonly data: any;
}

/** Reads events one by one. */
function listen(body: ReadableStream<Uint8Array>) {
  const reader = body.pipeThrough(new TextDecoderStream() as never)
    .getReader() as ReadableStreamDefaultReader<string>;
  let text = "";
  return {
    async next(): Promise<Told | undefined> {
      while (true) {
        const end = text.indexOf("\n\n");
        if (end >= 0) {
          const lines = text.slice(0, end).split("\n");
          text = text.slice(end + 2);
          const get = (name: string) =>
            lines.find((line) => line.startsWith(`${name}: `))
              ?.slice(name.length + 2) ?? "";
          if (get("event") === "") continue;
          return {
            id: get("id"),
            event: get("event"),
            data: JSON.parse(get("data")),
          };
        }
        const { done, value } = await reader.read();
        if (done) return undefined;
        text += value;
      }
    },
    async find(wanted: (told: Told) => boolean): Promise<Told> {
      while (true) {
        const told = await this.next();
        if (told === undefined) throw new Error("The stream has ended");
        if (wanted(told)) return told;
      }
    },
    close: () => reader.cancel(),
  };
}

async function open(server: EmServer, node: string, lastId?: string) {
  const response = await server.call("GET /em/v1/events", {
    query: { node },
    ...(lastId && { headers: { "last-event-id": lastId } }),
  });
  assertEquals(
    response.headers.get("content-type"),
    "text/event-stream; charset=utf-8",
  );
  assert(response.body);
  return listen(response.body);
}

Deno.test("what changes below a folder is told within about a second, and is there then", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  await server.make("/demo/f", "Folder");
  const other = await server.make("/demo/other");
  const stream = await open(server, "/demo/f");
  assertEquals((await stream.next())?.event, "hello");
  const node = await server.make("/demo/f/r");
  await stream.find(({ data }) =>
    data.node === node && data.change === "created"
  );
  const path = "/demo/f/r/metrics/train.yaml";
  const text = metricsText([{ values: { loss: 1 }, step: 1 }]);
  await server.put("/demo/other/stdout.log", "not told here");
  await server.put(path, text);
  const metrics = await stream.find(({ data }) => data.kind === "metrics");
  assertEquals([metrics.data.node, metrics.data.type], [node, "train"]);
  const { series } = await server.json("GET /em/v1/points", {
    query: { node, metric: "train/loss" },
  });
  assertEquals(series[0].count, 1);
  const start = performance.now();
  await server.append(
    path,
    text.length,
    metricsText([{ values: { loss: 2 }, step: 2 }]),
  );
  const more = await stream.find(({ data }) => data.kind === "metrics");
  assert(performance.now() - start < 5000);
  assert(more.data.version > metrics.data.version);
  const delta = await server.json("GET /em/v1/points", {
    query: { node, metric: "train/loss", after: series[0].cursor },
  });
  assertEquals(delta.series[0].raw.y, [2]);
  await server.put("/demo/f/r/stdout.log", "x");
  assertEquals(
    (await stream.find(({ data }) => data.kind === "log")).data.key,
    "stdout.log",
  );
  await server.put("/demo/f/r/model.bin", "x");
  assertEquals(
    (await stream.find(({ data }) => data.kind === "files")).data.key,
    "model.bin",
  );
  await server.put("/demo/f/r/metadata.yaml", metadataText("r", "Running"));
  assert(
    (await stream.find(({ data }) => data.kind === "status")).data.version > 0,
  );
  await server.json("POST /apis/v1/graphs", {
    json: { graphs: [{ from: other, to: node }] },
  });
  assertEquals(
    (await stream.find(({ data }) => data.kind === "graph")).data.node,
    node,
  );
  await server.json("PUT /apis/v1/nodes", { json: { node, name: "renamed" } });
  await stream.find(({ data }) => data.change === "changed");
  await server.json("DELETE /apis/v1/nodes", {
    json: { node: "/demo/f/renamed" },
  });
  await stream.find(({ data }) =>
    data.change === "deleted" && data.node === node
  );
  await stream.close();
});

Deno.test("who comes again gets what was missed, or is told that it is too much", async () => {
  using dir = tempDir();
  let apiKey = "";
  let lastId = "";
  {
    await using server = await emServer(dir.path);
    apiKey = server.apiKey;
    const stream = await open(server, "/demo");
    lastId = (await stream.next())?.id ?? "";
    await stream.close();
    const node = await server.make("/demo/r");
    await server.make("/demo/r2");
    const watch = await open(server, "/demo");
    await server.put("/demo/r2/stdout.log", "x");
    await watch.find(({ data }) => data.kind === "log");
    await watch.close();
    const again = await open(server, "/demo", lastId);
    assertEquals((await again.next())?.event, "hello");
    const created = await again.find(({ data }) => data.node === node);
    assertEquals(created.data, { node, kind: "node", change: "created" });
    await again.close();
  }
  await using server = await emServer(dir.path, { apiKey });
  const stream = await open(server, "/demo", lastId);
  assertEquals((await stream.next())?.event, "hello");
  assertEquals((await stream.next())?.event, "reset");
  await stream.close();
});

Deno.test("streams end when the server shuts down, at once", async () => {
  using dir = tempDir();
  const server = await emServer(dir.path);
  const stream = await open(server, "/demo");
  await stream.next();
  const start = performance.now();
  await server[Symbol.asyncDispose]();
  assertEquals(await stream.next(), undefined);
  assert(performance.now() - start < 5000);
});

Deno.test("a slow client is told that it missed something, and nothing piles up", async () => {
  using hub = new EventHub({ parentOf: () => undefined });
  const body = eventStream({
    hub,
    nodes: ["n"],
    look: () => "there",
    maxWaiting: 10,
  });
  const stream = listen(body);
  for (let index = 0; index < 50; index++) {
    hub.publish({ node: "n", kind: "files", key: `k${index}` });
  }
  const told = await stream.find(({ event }) => event !== "hello");
  assertEquals(told.event, "reset");
  await stream.close();
  assertEquals(hub.subscribers, 0);
});

Deno.test("a stream goes on beating, and ends when its node may not be looked at any more", async () => {
  using hub = new EventHub({ parentOf: () => undefined });
  for (const end of ["denied", "gone"] as const) {
    let state: "there" | typeof end = "there";
    const body = eventStream({
      hub,
      nodes: ["n"],
      look: () => state,
      heartbeatMs: 5,
    });
    let text = "";
    for await (const piece of body.pipeThrough(new TextDecoderStream())) {
      text += piece;
      if (text.match(/event: beat/g)?.length === 2) state = end;
    }
    assertEquals(hub.subscribers, 0, end);
  }
});

Deno.test("an event is told to nobody whose right was taken away before it, and that a node is gone to everybody", async () => {
  using fixture = openFixture();
  const run = await fixture.make("/demo/run", "Run");
  const share = async (shares: unknown[]) => {
    await fixture.json("PUT /apis/v1/nodes/shares", {
      json: { node: run, shares },
    });
  };
  const eve = { user: "eve", permission: "view" };
  await share([eve]);
  const streams = await Promise.all(
    (["demo", "eve"] as const).map(async (user) => {
      const response = await fixture.call("GET /em/v1/events", {
        user,
        query: { node: run },
      });
      assert(response.body);
      return listen(response.body);
    }),
  );
  const [owner, other] = streams;
  assert(owner && other);
  for (const stream of streams) {
    assertEquals((await stream.next())?.event, "hello");
  }
  await share([]);
  await fixture.put("/demo/run/stdout.log", "secret");
  assertEquals(await other.next(), undefined);
  await owner.find(({ data }) => data.kind === "log");
  await fixture.json("DELETE /apis/v1/nodes", { json: { node: run } });
  await owner.find(({ data }) => data.change === "deleted");
  await owner.close();
});

Deno.test("one stream tells of several nodes what each of them may be told to the user", async () => {
  using fixture = openFixture();
  const [shared = "", closed = "", own = ""] = await Promise.all(
    ["/demo/shared", "/demo/closed", "/demo/hidden"].map((path) =>
      fixture.make(path, "Run")
    ),
  );
  const share = async (node: string, shares: unknown[]) => {
    await fixture.json("PUT /apis/v1/nodes/shares", { json: { node, shares } });
  };
  const eve = { user: "eve", permission: "view" };
  await share(shared, [eve]);
  await share(closed, [eve]);
  const listenTo = (nodes: readonly string[]) =>
    fixture.call(
      `GET /em/v1/events?${nodes.map((node) => `node=${node}`).join("&")}`,
      { user: "eve" },
    );
  const response = await listenTo(["/eve", shared, closed, own, "nowhere"]);
  assertEquals(response.status, 200);
  assert(response.body);
  const stream = listen(response.body);
  assertEquals((await stream.next())?.data.nodes.slice(1), [shared, closed]);
  await share(closed, []);
  for (const name of ["closed", "hidden", "shared"]) {
    await fixture.put(`/demo/${name}/a`, name);
  }
  const told = await stream.find(({ data }) => data.key === "a");
  assertEquals(told.data.node, shared, "of the others nothing is told");
  await stream.close();
  const refused = await listenTo([own, "nowhere"]);
  assertEquals(refused.status, 404);
  await refused.body?.cancel();
  const many = await listenTo(Array.from({ length: 65 }, () => shared));
  assertEquals(many.status, 400);
  await many.body?.cancel();
});
