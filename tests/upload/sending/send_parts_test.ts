import { assertEquals, assertGreater, assertRejects } from "@std/assert";
import { ResponseError } from "../../../src/errors.ts";
import { PARTS_AT_ONCE } from "../../../src/upload/sending/parts_sender.ts";
import { type Fault, once } from "../../support/faulty_server.ts";
import { LARGE_BYTES } from "../support/large_file.ts";
import { until } from "../support/support.ts";
import {
  ALL,
  isPart,
  LargeSend,
  sorted,
  UNAVAILABLE,
} from "../support/large_send.ts";

Deno.test("sendParts() sends every part once, several at the same time, and the object is the file", async () => {
  await using setup = await LargeSend.open();
  assertEquals(await setup.send(), LARGE_BYTES);
  await setup.assertArrived();
  assertEquals(sorted(setup.sent()), ALL);
  assertGreater(setup.most, 1);
  assertEquals(setup.most <= PARTS_AT_ONCE, true, `${setup.most} at once`);
  assertEquals([setup.files, setup.remembered, setup.count("DELETE")], [
    ALL.length,
    0,
    0,
  ]);
});

Deno.test("sendParts() sends a part that fails once more, and no other", async () => {
  const table: readonly (readonly [string, Fault])[] = [
    ["503 that says when", {
      ...UNAVAILABLE,
      headers: { "retry-after": "7" },
    }],
    ["reset in the body", { kind: "reset", when: "mid-body" }],
    ["lost answer", { kind: "reset", when: "after-handling" }],
    ["damaged answer", { kind: "corrupt" }],
  ];
  for (const [name, fault] of table) {
    await using setup = await LargeSend.open();
    setup.server.script = once(isPart(3), fault);
    await setup.send();
    await setup.assertArrived();
    assertEquals(sorted(setup.sent()), sorted([...ALL, 3]), name);
    assertEquals(setup.pauses.length, 1, name);
    if (name.startsWith("503")) assertEquals(setup.pauses, [7000]);
    assertEquals([setup.files, setup.remembered], [ALL.length, 0], name);
  }
});

Deno.test("sendParts() sends a part again that did not arrive as it was sent", async () => {
  await using setup = await LargeSend.open();
  const { server } = setup;
  server.script = once(isPart(2), {
    kind: "answer",
    status: 200,
    body: JSON.stringify({ eTag: "0".repeat(32) }),
    headers: { "x-em-capabilities": "multipart-list" },
  });
  await setup.send();
  await setup.assertArrived();
  assertEquals(sorted(setup.sent()), sorted([...ALL, 2]));
});

Deno.test("sendParts() gives up at once what the server refuses, and leaves nothing there", async () => {
  await using setup = await LargeSend.open();
  setup.server.script = once(isPart(3), {
    kind: "answer",
    status: 413,
    body: "too large",
  });
  await assertRejects(() => setup.send(), ResponseError, "413");
  assertEquals(setup.sent().filter((n) => n === 3).length, 1);
  assertEquals([setup.count("DELETE"), setup.remembered], [1, 0]);
  // Parts that were on their way are thrown away when they have arrived.
  await until("nothing is left", () => setup.files === 0);
  assertEquals(setup.pauses, []);
});
