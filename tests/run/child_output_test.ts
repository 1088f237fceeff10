import { assertEquals } from "@std/assert";
import { printer, readOutput } from "../../src/run/child_output.ts";

const encoder = new TextEncoder();

function told() {
  const said: string[] = [];
  const reporter = {
    info: () => {},
    warn: (_kind: string, message: string) => void said.push(message),
  };
  return { said, reporter };
}

Deno.test("printer() writes all, however little is taken at once", async () => {
  let seen = "";
  const print = printer({
    write: (bytes) => {
      seen += new TextDecoder().decode(bytes.subarray(0, 2));
      return Promise.resolve(Math.min(2, bytes.length));
    },
    ...told(),
  });
  await print(encoder.encode("abcde"));
  await print(encoder.encode("f"));
  assertEquals(seen, "abcdef");
});

Deno.test("printer() gives up at the first error, in silence if only nobody reads any more", async () => {
  const table: [Error, string[]][] = [
    [new Deno.errors.BrokenPipe("broken"), []],
    [new Error("no space"), [
      "Cannot show the output of a command any more, it is only recorded: no space",
    ]],
  ];
  for (const [error, expected] of table) {
    let calls = 0;
    const { said, reporter } = told();
    const print = printer({
      write: () => (calls++, Promise.reject(error)),
      reporter,
    });
    await print(encoder.encode("a"));
    await print(encoder.encode("b"));
    assertEquals([calls, said], [1, expected]);
  }
});

Deno.test("readOutput() reads one chunk at a time, and all that was printed before the end", async () => {
  let pulled = 0;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (pulled === 100) return controller.close();
      controller.enqueue(Uint8Array.of(pulled++));
    },
  }, { highWaterMark: 0 });
  let taken = 0;
  await readOutput(stream, {
    ended: Promise.resolve(),
    async take() {
      taken++;
      assertEquals(pulled, taken);
      await Promise.resolve();
    },
  });
  assertEquals(taken, 100);
});
