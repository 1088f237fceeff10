import { assertEquals, assertGreater, assertRejects } from "@std/assert";
import { openSlowLink } from "./slow_link.ts";

Deno.test("a SlowLink carries what goes through it at its pace, for all connections together, and counts it", async () => {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => new Response(`${(await request.bytes()).length}`),
  );
  await using link = openSlowLink({
    to: server.addr.port,
    bytesPerSecond: 50_000,
  });
  using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const start = performance.now();
  const send = async () => {
    const body = new Uint8Array(15_000);
    const url = `http://127.0.0.1:${link.port}/`;
    const response = await fetch(url, { method: "POST", body, client });
    return await response.text();
  };
  assertEquals(await Promise.all([send(), send()]), ["15000", "15000"]);
  assertGreater(performance.now() - start, 590);
  assertGreater(link.bytesUp, 30_000);
});

Deno.test("a SlowLink to nowhere closes what is opened", async () => {
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const to = closed.addr.port;
  closed.close();
  await using link = openSlowLink({ to });
  await assertRejects(() => fetch(`http://127.0.0.1:${link.port}/`), TypeError);
});
