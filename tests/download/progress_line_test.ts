import { assertEquals } from "@std/assert";
import { ProgressLine } from "../../src/download/progress_line.ts";

function shown(isTerminal: boolean): string {
  let text = "";
  const line = new ProgressLine("/demo/cnn", { objects: 2, bytes: 3e6 }, {
    isTerminal,
    write: (part) => text += part,
  });
  line.addBytes(1_500_000);
  line.addBytes(1_500_000);
  line.addObject();
  line.end();
  return text;
}

Deno.test("ProgressLine says on a terminal how far a download is, not at every step, and clears itself", () => {
  assertEquals(
    shown(true),
    "\r\x1b[K/demo/cnn: 0 of 2 objects, 1.5 of 3.0 MB\r\x1b[K",
  );
});

Deno.test("ProgressLine writes nothing where there is no terminal", () => {
  assertEquals(shown(false), "");
});
