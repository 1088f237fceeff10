import { assertEquals } from "@std/assert";
import { lineEnd } from "../../../src/upload/sending/line_end.ts";
import {
  IN_MEMORY_BYTES,
  readSnapshot,
} from "../../../src/upload/sending/read_snapshot.ts";
import { RunDir } from "../support/support.ts";

Deno.test("lineEnd() ends a beginning with a line, if there are lines", async () => {
  const small = "0123456\n".repeat(100);
  const large = "0123456\n".repeat(IN_MEMORY_BYTES / 4);
  const table: [string, number, number][] = [
    [small, 17, 16],
    [small, 16, 16],
    [small, 5, 5],
    [small, 800, 800],
    [small, 9999, 800],
    [large, 1_000_003, 1_000_000],
    [large, 9e9, large.length],
    ["x".repeat(2 * IN_MEMORY_BYTES), 1_000_003, 1_000_003],
  ];
  for (const [text, limit, wanted] of table) {
    using dir = new RunDir({ a: text });
    using version = await readSnapshot(`${dir.path}/a`);
    if (version === undefined) throw new Error("it was changed");
    assertEquals(
      await lineEnd(version, limit),
      wanted,
      `${text.length} ${limit}`,
    );
  }
});
