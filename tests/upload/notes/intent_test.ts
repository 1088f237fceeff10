import { assertEquals } from "@std/assert";
import {
  noteIntent,
  noteTrouble,
  readIntent,
  readIntents,
  rememberedNode,
  rememberIntent,
  rememberWhole,
} from "../../../src/upload/notes/intent.ts";
import { INTENT, NODE, RunDir, Told } from "../support/support.ts";

const HOST = "https://t9k.example.com/t9k/aistore/server";

Deno.test("readIntent() gives back what rememberIntent() noted", () => {
  using dir = new RunDir();
  assertEquals(readIntent(dir.path), undefined);
  const intent = {
    host: HOST,
    folder: "cv/mnist",
    makeFolder: true,
    conflictStrategy: "replace",
  } as const;
  rememberIntent(dir.path, intent);
  assertEquals(readIntent(dir.path), intent);
  const node = { id: "i", path: "/demo/cv/mnist/cnn" };
  rememberIntent(dir.path, { ...intent, node });
  assertEquals(readIntent(dir.path), { ...intent, node });
  assertEquals(rememberedNode(dir.path, intent), node);
  assertEquals(
    rememberedNode(dir.path, { ...intent, folder: "cv" }),
    undefined,
  );
  assertEquals(
    rememberedNode(dir.path, { ...intent, host: "https://other.example.com" }),
    undefined,
  );
});

Deno.test("each place is remembered, the latest first, and what is known of one stays known", () => {
  using dir = new RunDir();
  const node = { id: "i", path: "/demo/a/cnn" };
  const a = { host: HOST, ...INTENT, folder: "a" };
  const b = { host: "https://other.example.com", ...INTENT, folder: "b" };
  rememberIntent(dir.path, { ...a, node, deliveredBy: "then" });
  rememberIntent(dir.path, b);
  assertEquals(readIntent(dir.path), b);
  assertEquals(readIntent(dir.path, HOST)?.folder, "a");
  rememberIntent(dir.path, { ...a, makeFolder: true });
  assertEquals(readIntents(dir.path), [
    { ...a, makeFolder: true, node, deliveredBy: "then" },
    b,
  ]);
  rememberWhole(dir.path, a, "print");
  rememberIntent(dir.path, a);
  assertEquals(readIntents(dir.path)[0]?.whole, "print");
  rememberIntent(dir.path, { ...a, node: { ...node, id: "j" } });
  assertEquals(
    readIntents(dir.path)[0]?.whole,
    undefined,
    "another node has not got it",
  );
});

Deno.test("why an upload failed, and since when, is remembered until all of it is there", () => {
  using dir = new RunDir();
  const place = { host: HOST, folder: "cv" };
  const reporter = new Told();
  const note = (state: "pending" | "refused", reason: string) => {
    noteTrouble(dir.path, { ...place, state, reason, reporter });
    return readIntent(dir.path)?.trouble;
  };
  assertEquals(note("pending", "nobody asked"), undefined);
  const intent = { ...INTENT, ...place };
  rememberIntent(dir.path, intent);
  const first = note("pending", "no answer");
  const second = note("pending", "no answer in time");
  assertEquals(second, {
    state: "pending",
    reason: "no answer in time",
    since: first?.since ?? "",
  });
  assertEquals(note("refused", "denied")?.reason, "denied");
  rememberIntent(dir.path, intent);
  assertEquals(readIntent(dir.path)?.trouble?.state, "refused");
  rememberWhole(dir.path, place, "f");
  assertEquals(readIntent(dir.path), { ...intent, whole: "f" });
});

Deno.test("readIntent() takes a damaged or foreign note for none", () => {
  using dir = new RunDir();
  rememberIntent(dir.path, { host: HOST, ...INTENT });
  const path = `${dir.parent}/.state/${NODE.alternativeName}/upload.json`;
  const good = JSON.parse(Deno.readTextFileSync(path));
  const place = good.places[0];
  const notes = [
    "",
    "{",
    "null",
    "[]",
    "7",
    JSON.stringify({ ...good, version: 2 }),
    JSON.stringify({ ...good, places: {} }),
    JSON.stringify({ ...good, places: [7, null] }),
    JSON.stringify({ ...good, places: [{ ...place, host: 7 }] }),
    JSON.stringify({
      ...good,
      places: [{ ...place, conflictStrategy: "delete" }],
    }),
  ];
  for (const note of notes) {
    Deno.writeTextFileSync(path, note);
    assertEquals(readIntent(dir.path), undefined, note);
  }
  const places = [{ ...place, node: { id: 7 } }];
  Deno.writeTextFileSync(path, JSON.stringify({ ...good, places }));
  assertEquals(readIntent(dir.path), { host: HOST, ...INTENT });
});

Deno.test("noteIntent() warns and goes on where nothing can be written", () => {
  using dir = new RunDir();
  Deno.writeTextFileSync(`${dir.parent}/.state`, "in the way");
  const reporter = new Told();
  const target = { host: HOST, apiKey: "" };
  noteIntent({ dir: dir.path, node: NODE, target, intent: INTENT }, {
    reporter,
  });
  assertEquals(reporter.warnings.size, 1);
});

Deno.test({
  name: "without permission nothing is noted or read, and nobody is asked",
  permissions: { read: false, write: false },
  fn() {
    const reporter = new Told();
    const target = { host: HOST, apiKey: "" };
    noteIntent({ dir: "/data/runs/x", node: NODE, target, intent: INTENT }, {
      reporter,
    });
    assertEquals([...reporter.warnings.values()], [
      `Where "/data/runs/x" is uploaded to is not noted for later: --allow-write=/data/runs/.state/x permits it`,
    ]);
    assertEquals(readIntent("/data/runs/x"), undefined);
  },
});
