import { deadline } from "@std/async";
import {
  assertEquals,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import { startServer } from "../../src/server/mod.ts";
import { tempDir } from "../support/temp_dir.ts";
import { Admin } from "../../src/server/admin.ts";
import { endWithPermission } from "../../src/server/live_answer.ts";

Deno.test("a stream of events ends before the next event once its reader may not have it, and its source is told", async () => {
  let mayGoOn = true;
  let ended = false;
  const events = ReadableStream.from((async function* () {
    try {
      for (let i = 0; i < 100; i++) {
        if (i === 3) mayGoOn = false;
        yield new TextEncoder().encode(`data: ${i}\n\n`);
        await Promise.resolve();
      }
    } finally {
      ended = true;
    }
  })());
  const answer = endWithPermission(
    new Response(events, {
      status: 200,
      headers: { "content-type": "text/event-stream", "x-more": "kept" },
    }),
    () => mayGoOn,
  );
  assertEquals(answer.headers.get("x-more"), "kept");
  const text = await answer.text();
  assertEquals(text.includes("data: 3"), false, text);
  assertEquals(text.startsWith("data: 0"), true, text);
  assertEquals(ended, true);
});

Deno.test("other answers are left as they are", () => {
  for (
    const answer of [
      new Response("x"),
      new Response(null, { headers: { "content-type": "text/event-stream" } }),
    ]
  ) assertStrictEquals(endWithPermission(answer, () => false), answer);
});

Deno.test("who listens to changes with a key that is revoked hears of no further one", async () => {
  using dir = tempDir();
  await using server = await startServer({ dataDir: dir.path, port: 0 });
  using admin = new Admin(dir.path);
  const { apiKey, name } = admin.keys.add("demo");
  const make = async (run: string) => {
    const answer = await fetch(
      `${server.url}/apis/v1/nodes?apikey=${server.firstStart?.apiKey}`,
      {
        method: "POST",
        body: JSON.stringify({ parent: "/demo", name: run, type: "Run" }),
      },
    );
    assertEquals(answer.status, 201);
    return (await answer.json()).id as string;
  };
  const answer = await fetch(
    `${server.url}/em/v1/events?node=/demo&apikey=${apiKey}`,
  );
  assertEquals(answer.status, 200);
  const reader = (answer.body ?? new ReadableStream())
    .pipeThrough(new TextDecoderStream()).getReader();
  const hear = async (what: string): Promise<string> => {
    let text = "";
    while (!text.includes(what)) {
      const { value, done } = await deadline(reader.read(), 20_000);
      if (done) break;
      text += value;
    }
    return text;
  };
  assertStringIncludes(await hear("hello"), "hello");
  const first = await make("first");
  assertStringIncludes(await hear(first), first);
  admin.keys.revoke("demo", name);
  const second = await make("second");
  assertEquals((await hear(second)).includes(second), false);
});
