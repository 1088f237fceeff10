import { assertEquals } from "@std/assert";
import { stateDir } from "../../../src/local/layout.ts";
import { deliverOnce } from "../../../src/upload/delivering/deliver_once.ts";
import { RealServer } from "../support/real_server.ts";
import { INTENT, NODE, NODE_PATH, RunDir, Told } from "../support/support.ts";

const NOTES = [
  "upload.json",
  "upload.lock",
  "delivered.json",
  "multipart.json",
  "process.json",
];

/** What a crash of the machine, or a stranger, may leave of a note. */
function damages(text: string): readonly (readonly [string, Uint8Array])[] {
  const encoder = new TextEncoder();
  const wrong = {
    version: 1,
    places: [null, 3, { host: 1 }, { ...INTENT, host: "x", node: 5 }],
    files: { a: 1, "metadata.yaml": { sizeBytes: "x" } },
    uploads: [null, { host: 1 }],
    pid: "x",
    since: 4,
    hostname: {},
  };
  const texts = [
    "",
    "null",
    "7",
    '"text"',
    "[1,[],{}]",
    JSON.stringify(wrong),
    "[".repeat(100_000),
    text.slice(0, text.length / 2),
  ];
  return [
    ...texts.map((one) => [one.slice(0, 40), encoder.encode(one)] as const),
    ["binary", Uint8Array.from({ length: 3000 }, (_, at) => (at * 89) % 256)],
    ["zeros", new Uint8Array(500)],
  ];
}

Deno.test("whatever is left of the notes next to a directory, it is uploaded whole, to the same node", async () => {
  await using server = await RealServer.start();
  using dir = new RunDir({ "metadata.yaml": "status: Complete\n" });
  const upload = () =>
    deliverOnce({
      dir: dir.path,
      node: NODE,
      target: server.target,
      intent: INTENT,
      timeoutMs: 20_000,
      reporter: new Told(),
    });
  const { node } = await upload();
  for (const name of NOTES) {
    const path = `${stateDir(dir.path)}/${name}`;
    const read = () => {
      try {
        return Deno.readTextFileSync(path);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return "{}";
        throw error;
      }
    };
    for (const [what, bytes] of damages(read())) {
      Deno.writeFileSync(path, bytes);
      dir.append("metadata.yaml", "x: 1\n");
      const report = await upload();
      const about = `${name}: ${what}`;
      assertEquals(
        [report.state, report.node?.id, report.pending, report.error],
        ["complete", node?.id, [], undefined],
        about,
      );
      const objects = await server.objects(NODE_PATH);
      assertEquals(
        objects.get("metadata.yaml"),
        Deno.readFileSync(`${dir.path}/metadata.yaml`),
        about,
      );
    }
    Deno.removeSync(path);
  }
});
