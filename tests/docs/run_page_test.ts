import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { tempDir } from "../support/temp_dir.ts";
import { readPage } from "./page.ts";
import { type Followed, runPage } from "./run_page.ts";

async function follow(text: string, hasPython = true): Promise<Followed> {
  using cache = tempDir();
  // None of these pages needs the package.
  const jsr = "http://127.0.0.1:9/";
  return await runPage(readPage(text), { jsr, cache: cache.path, hasPython });
}

const block = (language: string, code: string, mark = ""): string =>
  `${mark}\n\n\`\`\`${language}\n${code}\n\`\`\`\n\n`;

Deno.test("runPage() follows a page in its order, in one folder", async () => {
  const { ran, excluded, scripts } = await follow(
    `<!-- setup\necho 1 > a.txt\n-->\n` +
      block("sh", "cat a.txt > b.txt") +
      block("py", "print(2)", "<!-- file: two.py -->") +
      block("py", "import what_is_not_here") +
      block("ts", `const text = Deno.readTextFileSync("b.txt");`) +
      block("ts", `console.log(text.trim(), 3);`, "<!-- run: continues -->") +
      block("text", "1 …") +
      block("sh", "exit 3", "<!-- run: exit 3 -->") +
      block("sh", "rm -rf /", "<!-- run: no, it is\ndangerous -->") +
      block("sh", "test -f two.py") +
      block("yaml", "only: shown"),
  );
  assertEquals(ran, 6);
  assertEquals(excluded.map((reason) => reason.replace(/^line \d+: /, "")), [
    "it is dangerous",
  ]);
  assertEquals([...scripts.keys()].length, 1);
});

Deno.test("runPage() starts what goes on beside the page, and ends it", async () => {
  const script = `Deno.addSignalListener("SIGINT", () => Deno.exit(0));
Deno.writeTextFileSync("here", String(Deno.pid));
console.log("ready");
setInterval(() => {}, 1000);`;
  const mark = `<!-- run: background until "ready" -->`;
  const { ran } = await follow(
    block("ts", script, "<!-- file: wait.ts -->") +
      block("sh", "deno run -A wait.ts", mark) +
      block("sh", "kill -0 $(cat here)") +
      block("sh", "deno run -A wait.ts", mark.replace("background", "seen")) +
      block("sh", "kill -0 $(cat here)", "<!-- run: exit 1 -->"),
  );
  assertEquals(ran, 5);
});

Deno.test("runPage() fails where a page promises what is not so", async () => {
  const cases: Record<string, [string, string]> = {
    "a block that fails": [block("sh", "false"), "it ended with 1, not 0"],
    "the middle of a block": [block("sh", "false\ntrue"), "it ended with 1"],
    "a script that throws": [block("ts", `throw "no";`), "it ended with 1"],
    "a block that ought to fail": [
      block("sh", "true", "<!-- run: exit 1 -->"),
      "it ended with 0, not 1",
    ],
    "other output": [
      block("sh", "echo 12") + block("text", "13"),
      "the block before it says:\n12",
    ],
    "what is no Python": [block("py", "if"), "SyntaxError"],
    "a file for nobody": [
      block("ts", "", "<!-- file: train.ts -->") + block("sh", "true"),
      "no block uses train.ts",
    ],
    "what ends before it is ready": [
      block("sh", "echo no", `<!-- run: background until "yes" -->`),
      "it ended with 0 before it was ready",
    ],
    "what Ctrl-C does not end well": [
      block(
        "sh",
        `sh -c 'trap "exit 7" INT; echo on; while :; do sleep 0.1; done'`,
        "<!-- run: seen -->",
      ),
      "Ctrl-C ended it with 7",
    ],
  };
  for (const [name, [text, message]] of Object.entries(cases)) {
    await assertRejects(() => follow(text), Error, message, name);
  }
});

Deno.test("runPage() leaves alone what another test runs", async () => {
  const { ran, excluded } = await follow(
    "<!-- page: not run, another\ntest does -->\n" + block("sh", "false") +
      block("ts", "throw 1") + block("sh", "true", "<!-- run: exit 0 -->"),
  );
  assertEquals(ran, 1);
  assertEquals(excluded, [
    "line 5: another test does",
    "line 11: another test does",
  ]);
});

Deno.test("runPage() says what needs a Python that is not there", async () => {
  const { ran, missed } = await follow(
    block("sh", "true") + block("sh", "python3 x.py") + block("sh", "cat y"),
    false,
  );
  assertEquals({ ran, missed }, {
    ran: 1,
    missed: ["line 9: NO PYTHON", "line 15: NO PYTHON"],
  });
});

Deno.test("readPage() knows every mark, or says which it does not know", () => {
  const cases: Record<string, string> = {
    [block("sh", "true", "<!-- run: never -->")]:
      `line 1: the mark "run: never" is not known`,
    [block("sh", "true", "<!-- run: no -->")]:
      `line 1: the mark "run: no" is not known`,
    ["<!-- page: offline -->"]: `line 1: the mark "page: offline" is not known`,
    ["<!-- run: exit 1 -->\n\nWords.\n" + block("sh", "true")]:
      "the last mark has no block",
    ["<!-- file: a -->\n<!-- file: b -->\n"]:
      "line 2: the mark before it has no block",
  };
  for (const [text, message] of Object.entries(cases)) {
    assertThrows(() => readPage(text), Error, message, text);
  }
});
