import { assertEquals } from "@std/assert";
import { showProgress } from "../../src/artifact/progress.ts";
import { waitFor } from "../support/wait_for.ts";

function recorder(isTerminal: boolean) {
  const texts: string[] = [];
  const write = (text: string) => void texts.push(text);
  return { texts, output: { isTerminal: () => isTerminal, write } };
}

const HALF = {
  title: "Copying",
  totalBytes: 2 ** 21,
  doneBytes: () => 2 ** 20,
  intervalMs: 1,
};

Deno.test("showProgress() shows one line on a terminal, and removes it at the end", async () => {
  const { texts, output } = recorder(true);
  {
    using _progress = showProgress({ ...HALF, output });
    await waitFor("a line", () => texts.length > 0 || undefined);
    assertEquals(texts[0], "\r\x1b[KCopying: 50 % (1 of 2 MiB)");
  }
  assertEquals(texts.at(-1), "\r\x1b[K");
});

Deno.test("showProgress() shows nothing of what is short, and nothing where nobody looks", async () => {
  const short = recorder(true);
  {
    using _progress = showProgress({ ...HALF, output: short.output });
  }
  assertEquals(short.texts, []);
  const looked = recorder(true);
  const unseen = recorder(false);
  using _seen = showProgress({ ...HALF, output: looked.output });
  using _unseen = showProgress({ ...HALF, output: unseen.output });
  await waitFor("a line elsewhere", () => looked.texts.length > 1 || undefined);
  assertEquals(unseen.texts, []);
});
