import { assertEquals, assertStringIncludes } from "@std/assert";
import { ProgressLine } from "../../src/download/progress_line.ts";
import { waitFor } from "../support/wait_for.ts";

Deno.test("ProgressLine says on a terminal how far a download is, and clears itself", async () => {
  const texts: string[] = [];
  const line = new ProgressLine("/demo/cnn", { objects: 2, bytes: 3e6 }, {
    isTerminal: () => true,
    write: (text) => void texts.push(text),
  });
  line.addBytes(2_000_000);
  line.addBytes(-500_000);
  line.addObject();
  await waitFor("a line", () => texts.length > 0 || undefined);
  line.end();
  assertStringIncludes(
    texts[0] ?? "",
    "/demo/cnn: 50 % of 3.0 MB, 1 of 2 objects",
  );
  assertEquals(texts.at(-1), "\r\x1b[K");
});
