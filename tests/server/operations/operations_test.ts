import { assert, assertEquals } from "@std/assert";
import { createReporter } from "../../../src/reporter.ts";
import { Operations } from "../../../src/server/operations/operations.ts";
import { Store } from "../../../src/server/store/store.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { waitFor } from "../../support/wait_for.ts";
import { put, start, text } from "./support.ts";

Deno.test("shutdown() ends streams of events at once, and lets a slow download finish", async () => {
  using dir = tempDir();
  using store = new Store({ dataDir: dir.path });
  using operations = new Operations({
    store,
    meter: { requests: 0, receivedBodyBytes: 0 },
    reporter: createReporter(),
  });
  let cancelled = false;
  const handle = operations.around(() =>
    Promise.resolve(
      new Response(
        new ReadableStream({
          start: (controller) =>
            controller.enqueue(new TextEncoder().encode("data: 1\n\n")),
          cancel: () => {
            cancelled = true;
          },
        }),
        { headers: { "content-type": "text/event-stream" } },
      ),
    )
  );
  await using http = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request, { remoteAddr, completed }) =>
      handle(request, { remoteAddress: remoteAddr.hostname, completed }),
  );
  const events = await fetch(`http://127.0.0.1:${http.addr.port}/`);
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
  assertEquals((await reader?.read())?.value, "data: 1\n\n");
  operations.endStreams();
  assertEquals((await reader?.read())?.done, true);
  assert(cancelled);

  await using test = await start({ shutdownGraceMs: 20_000 });
  const size = 30_000_000;
  await put(test, "big", new Uint8Array(size));
  const download = await test.send("/apis/v1/objects?path=/demo/run/big");
  const body = download.body?.getReader();
  let received = (await body?.read())?.value?.length ?? 0;
  const down = test.server.shutdown();
  await waitFor("new requests to be refused", async () => {
    try {
      return (await text(fetch(`${test.server.url}/healthz`)))
        .startsWith("503") || undefined;
    } catch {
      return true;
    }
  });
  for (;;) {
    const read = await body?.read();
    if (read?.value === undefined) break;
    received += read.value.length;
  }
  assertEquals(received, size);
  await down;
});
