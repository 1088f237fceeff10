import { assertEquals } from "@std/assert";
import {
  noteIntent,
  readIntent,
  rememberedNode,
  rememberIntent,
} from "../../src/upload/intent.ts";
import { INTENT, NODE, RunDir, Told } from "./support/support.ts";

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

Deno.test("readIntent() takes a damaged or foreign note for none", () => {
  using dir = new RunDir();
  rememberIntent(dir.path, { host: HOST, ...INTENT });
  const path = `${dir.parent}/.state/${NODE.alternativeName}/upload.json`;
  const good = JSON.parse(Deno.readTextFileSync(path));
  const notes = [
    "",
    "{",
    "null",
    "[]",
    "7",
    JSON.stringify({ ...good, version: 2 }),
    JSON.stringify({ ...good, host: 7 }),
    JSON.stringify({ ...good, conflictStrategy: "delete" }),
  ];
  for (const note of notes) {
    Deno.writeTextFileSync(path, note);
    assertEquals(readIntent(dir.path), undefined, note);
  }
  Deno.writeTextFileSync(path, JSON.stringify({ ...good, node: { id: 7 } }));
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
