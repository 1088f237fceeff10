import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Fault, once, startFaultyServer } from "./faulty_server.ts";
import { waitFor } from "./wait_for.ts";

/** Answers with what it got, and counts. */
function echo() {
  const seen: string[] = [];
  const handler = async (request: Request) => {
    const text = await request.text();
    seen.push(text);
    return new Response(`echo ${text}`, {
      status: 201,
      headers: { "x-real": "yes" },
    });
  };
  return { seen, handler };
}

/** Sends a request on a connection of its own, so that `fetch` never sends it again. */
async function post(
  url: string,
  body: BodyInit,
  signal?: AbortSignal,
): Promise<string> {
  using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const response = await fetch(`${url}/apis/v1/objects?path=/a&apikey=secret`, {
    method: "POST",
    body,
    client,
    ...(signal ? { signal } : {}),
  });
  return `${response.status} ${await response.text()}`;
}

Deno.test("without a fault a request goes through, and is counted without its key", async () => {
  const { seen, handler } = echo();
  await using server = await startFaultyServer({ handler });
  assertEquals(await post(server.url, "hello"), "201 echo hello");
  const request = server.requests[0];
  assertEquals(
    [
      request?.method,
      request?.path,
      `${request?.query}`,
      request?.index,
      request?.bodyBytes,
      request?.status,
    ],
    ["POST", "/apis/v1/objects", "path=%2Fa", 0, 5, 201],
  );
  assertEquals([seen, server.bodyBytes], [["hello"], 5]);
});

Deno.test("a fault spoils the request as its kind says", async () => {
  const { seen, handler } = echo();
  await using server = await startFaultyServer({ handler });
  const body = "x".repeat(3_000_000);
  const table: [Fault, number][] = [
    [{ kind: "reset", when: "before-body" }, 0],
    [{ kind: "reset", when: "mid-body" }, 0],
    [{ kind: "reset", when: "after-body" }, 0],
    [{ kind: "reset", when: "after-handling" }, 1],
    [{ kind: "reset", when: "mid-answer" }, 1],
  ];
  for (const [fault, handled] of table) {
    seen.length = 0;
    const before = server.requests.length;
    server.script = () => fault;
    await assertRejects(
      () => post(server.url, body),
      Error,
      undefined,
      JSON.stringify(fault),
    );
    const arrived = server.requests.slice(before);
    assertEquals(seen.length, handled * arrived.length, JSON.stringify(fault));
    const whole = arrived.every((request) => request.bodyBytes === body.length);
    assertEquals(
      whole,
      !["before-body", "mid-body"].includes(
        "when" in fault ? `${fault.when}` : "",
      ),
    );
  }
  seen.length = 0;
  server.script = once(({ method }) => method === "POST", {
    kind: "answer",
    status: 503,
    headers: { "retry-after": "7" },
    body: "busy",
  });
  assertEquals(await post(server.url, "one"), "503 busy");
  assertEquals(await post(server.url, "two"), "201 echo two");
  server.script = () => ({ kind: "corrupt" });
  assertEquals(await post(server.url, "three"), "201 echo thred");
  server.script = () => ({ kind: "delay", ms: 80 });
  const begun = performance.now();
  assertEquals(await post(server.url, "four"), "201 echo four");
  assert(performance.now() - begun >= 79);
  assertEquals(seen, ["two", "three", "four"]);
});

Deno.test("a hanging request ends when its sender, or the server, gives up", async () => {
  const { seen, handler } = echo();
  await using server = await startFaultyServer({
    handler,
    script: () => ({ kind: "hang" }),
  });
  await assertRejects(
    () => post(server.url, "a", AbortSignal.timeout(50)),
    DOMException,
  );
  server.script = () => ({ kind: "hang", handled: true });
  const hanging = assertRejects(() => post(server.url, "b"), TypeError);
  await waitFor("the handler", () => seen.length || undefined);
  await server.down();
  await hanging;
  assertEquals(seen, ["b"]);
});

Deno.test("down() refuses connections and up() takes them on the same port", async () => {
  const { handler } = echo();
  await using server = await startFaultyServer({ handler });
  for (let i = 0; i < 3; i++) {
    assertEquals(await post(server.url, "a"), "201 echo a");
    await server.down();
    await assertRejects(() => post(server.url, "b"), TypeError);
    await server.up();
  }
  assertEquals(server.requests.length, 3);
});
