import { assertEquals, assertMatch } from "@std/assert";
import { formatBytes, showProgress } from "../src/progress.ts";
import { waitFor } from "./support/wait_for.ts";

function recorder(isTerminal: boolean) {
  const texts: string[] = [];
  const write = (text: string) => void texts.push(text);
  return { texts, output: { isTerminal: () => isTerminal, write } };
}

/** A clock that goes on when it is looked at, and something that goes on at 1 MB in each of its seconds. */
function fast() {
  let nowMs = 0;
  const now = () => nowMs += 20_000;
  const look = () => ({ doneBytes: nowMs * 1000, totalBytes: 1e9 });
  return { now, look };
}

Deno.test("showProgress() shows one line on a terminal, with rate and remaining time, and removes it at the end", async () => {
  const { texts, output } = recorder(true);
  {
    using _progress = showProgress({ title: "Copying", ...fast(), output });
    const other = recorder(true);
    using _other = showProgress({
      title: "x",
      ...fast(),
      output: other.output,
    });
    await waitFor("a rate", () => texts.length > 1 || undefined);
    assertMatch(
      texts[1] ?? "",
      // deno-lint-ignore no-control-regex
      /^\r\x1b\[KCopying: \d+ % of 1\.0 GB, 1\.0 MB\/s, \d+ (min|s) left$/,
    );
    assertEquals(other.texts, [], "there is room for one line");
  }
  assertEquals(texts.at(-1), "\r\x1b[K");
});

Deno.test("showProgress() says a sentence after five seconds, then every ten, where there is no terminal", async () => {
  const { texts, output } = recorder(false);
  const said: number[] = [];
  const { look } = fast();
  let nowMs = 0;
  const now = () => nowMs += 1000;
  using _progress = showProgress({
    title: "Copying",
    look,
    output,
    now,
    onSentence: (sentence) => {
      assertMatch(sentence, /^Copying: \d+ % of 1\.0 GB/);
      said.push(nowMs / 1000);
    },
  });
  await waitFor("two sentences", () => said.length > 1 || undefined);
  assertEquals(said, [6, 16]);
  assertEquals(texts, []);
});

Deno.test("showProgress() shows nothing of what is short, or not known, and nothing where nobody listens", async () => {
  const short = recorder(true);
  {
    using _progress = showProgress({
      title: "x",
      ...fast(),
      output: short.output,
    });
  }
  assertEquals(short.texts, []);
  let looks = 0;
  const unknown = recorder(true);
  const unseen = recorder(false);
  using _unknown = showProgress({
    title: "x",
    look: () => void looks++,
    output: unknown.output,
  });
  using _unseen = showProgress({
    title: "x",
    ...fast(),
    output: unseen.output,
  });
  await waitFor("looks", () => looks > 1 || undefined);
  assertEquals([...unknown.texts, ...unseen.texts], []);
});

Deno.test("showProgress() shows words, and what never waits can have it shown by itself", () => {
  const { texts, output } = recorder(true);
  let nowMs = 0;
  let done = 0;
  const progress = showProgress({
    title: "Reading \x1b[2J",
    look: () => ({ text: `${done} of 9 runs` }),
    output,
    now: () => nowMs,
  });
  for (; done < 9; done++) {
    nowMs += 100;
    progress.refresh();
  }
  progress[Symbol.dispose]();
  progress.refresh();
  assertEquals(texts, [
    "\r\x1b[KReading \\x1b[2J: 2 of 9 runs",
    "\r\x1b[KReading \\x1b[2J: 5 of 9 runs",
    "\r\x1b[KReading \\x1b[2J: 8 of 9 runs",
    "\r\x1b[K",
  ]);
});

Deno.test("formatBytes() writes what people read", () => {
  const table: [number, string][] = [
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [1_540_000, "1.5 MB"],
    [2e9, "2.0 GB"],
    [3e15, "3000.0 TB"],
  ];
  for (const [bytes, text] of table) assertEquals(formatBytes(bytes), text);
});
