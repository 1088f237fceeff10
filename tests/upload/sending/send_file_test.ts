import { assert, assertEquals } from "@std/assert";
import { AIStoreClient } from "../../../src/aistore/client.ts";
import { stampOf } from "../../../src/local/file_stamp.ts";
import { KnownChecksums } from "../../../src/local/known_checksums.ts";
import {
  sendFile,
  type SendOptions,
} from "../../../src/upload/sending/send_file.ts";
import type { SendOutcome } from "../../../src/upload/sending/send_outcome.ts";
import { StoredObjects } from "../../../src/upload/sending/stored_objects.ts";
import { UnfinishedUploads } from "../../../src/upload/sending/unfinished_uploads.ts";
import { RealServer } from "../support/real_server.ts";
import { RunDir } from "../support/support.ts";

const NODE_PATH = "/demo/node";
const LARGE = 2 * 1024 * 1024;

class Setup implements AsyncDisposable {
  readonly server: RealServer;
  readonly dir: RunDir;
  readonly client: AIStoreClient;
  readonly stored: StoredObjects;
  sendings = 0;

  private constructor(server: RealServer, dir: RunDir) {
    this.server = server;
    this.dir = dir;
    this.client = new AIStoreClient(server.target);
    this.stored = new StoredObjects(this.client);
  }

  static async open(files: Record<string, string>): Promise<Setup> {
    const server = await RealServer.start();
    await server.add(NODE_PATH, "Run");
    return new Setup(server, new RunDir(files));
  }

  /** Sends the file `a` and takes note of what the server has then. */
  async send(more: Partial<SendOptions> = {}): Promise<SendOutcome> {
    const { dir, stored, client } = this;
    const seen = await stampOf(`${dir.path}/a`);
    if (seen === undefined) throw new Error("no file");
    const outcome = await sendFile(client, {
      dir: dir.path,
      nodePath: NODE_PATH,
      key: "a",
      seen,
      plan: {},
      stored,
      known: new KnownChecksums(dir.path),
      unfinished: new UnfinishedUploads(dir.path),
      growth: undefined,
      canAppend: true,
      onSending: () => this.sendings++,
      onAppendRefused: () => {},
      signal: new AbortController().signal,
      ...more,
    });
    if (outcome.state === "delivered") stored.set("a", outcome.stored);
    return outcome;
  }

  async text(): Promise<string> {
    const object = await this.client.getObject(`${NODE_PATH}/a`);
    return await new Response(object).text();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    this.dir[Symbol.dispose]();
  }
}

Deno.test("sendFile() sends a beginning, up to the end of a line, and then the rest", async () => {
  for (const size of [8000, LARGE]) {
    const text = "0123456\n".repeat(size / 8);
    await using setup = await Setup.open({ a: text });
    const limitBytes = size / 2 + 3;
    const outcome = await setup.send({ plan: { limitBytes } });
    assert(outcome.state === "delivered", outcome.state);
    assertEquals([outcome.sent, outcome.sentBytes, outcome.stamp.sizeBytes], [
      "whole",
      size / 2,
      size / 2,
    ]);
    assertEquals(await setup.text() === text.slice(0, size / 2), true);
    const rest = await setup.send();
    assert(rest.state === "delivered");
    assertEquals([rest.sent, rest.sentBytes], ["tail", size / 2]);
    assertEquals(await setup.text() === text, true);
    const again = await setup.send();
    assert(again.state === "delivered");
    assertEquals([again.sent, again.sentBytes], ["nothing", 0]);
    assertEquals(setup.sendings, 2);
  }
});

Deno.test("sendFile() sends nothing of a file that was rewritten when only its end is wanted", async () => {
  for (const size of [8000, LARGE]) {
    await using setup = await Setup.open({ a: "x".repeat(size) });
    await setup.send();
    setup.dir.write("a", "y".repeat(size + 100));
    const plan = { tailOnly: true };
    assertEquals(await setup.send({ plan }), {
      state: "rewritten",
      sentBytes: 0,
    });
    const whole = await setup.send();
    assert(whole.state === "delivered");
    assertEquals([whole.sent, whole.sentBytes], ["whole", size + 100]);
  }
});

Deno.test("sendFile() looks at every byte when proof is wanted", async () => {
  await using setup = await Setup.open({ a: "x".repeat(LARGE) });
  await setup.send();
  setup.dir.append("a", "tail");
  const tail = await setup.send();
  assert(tail.state === "delivered");
  assertEquals(tail.isProven, true, "the first time it is read anyway");
  setup.dir.append("a", "tail");
  const second = await setup.send({ growth: tail.growth });
  assert(second.state === "delivered");
  assertEquals([second.sent, second.isProven], ["tail", false]);
  const kept = await setup.send({ growth: second.growth });
  assert(kept.state === "delivered");
  assertEquals([kept.sent, kept.isProven], ["nothing", false]);
  const proven = await setup.send({
    growth: second.growth,
    plan: { proof: true },
  });
  assert(proven.state === "delivered");
  assertEquals([proven.sent, proven.isProven], ["nothing", true]);
  using file = Deno.openSync(`${setup.dir.path}/a`, { write: true });
  file.seekSync(LARGE / 2, Deno.SeekMode.Start);
  file.writeSync(new TextEncoder().encode("!"));
  const found = await setup.send({
    growth: second.growth,
    plan: { proof: true },
  });
  assert(found.state === "delivered");
  assertEquals(found.sent, "whole");
  assertEquals((await setup.text()).includes("!"), true);
});

Deno.test("sendFile() sends nothing of what has become a link out of the directory since it was looked at", async () => {
  await using setup = await Setup.open({ a: "mine" });
  const seen = await stampOf(`${setup.dir.path}/a`);
  assert(seen);
  Deno.writeTextFileSync(`${setup.dir.parent}/secret`, "secret");
  Deno.removeSync(`${setup.dir.path}/a`);
  Deno.symlinkSync("../secret", `${setup.dir.path}/a`);
  const outcome = await setup.send({ seen });
  assertEquals(outcome, { state: "changed", sentBytes: 0 });
  assertEquals((await setup.server.objects(NODE_PATH)).size, 0);
});
