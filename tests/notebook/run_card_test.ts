import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { basename } from "@std/path";
import { runCard } from "../../src/notebook/run_card.ts";
import { runText } from "../../src/notebook/run_text.ts";
import { type RunView, RunViewer } from "../../src/notebook/run_view.ts";
import { LocalSource } from "../../src/reading/local_source.ts";
import { type PlainRun, writeRun } from "../support/plain_run.ts";
import { tempDir } from "../support/temp_dir.ts";

const HOSTILE = [
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  `' onmouseover='alert(1)`,
  "</style></svg></div><b>",
  "\u202egnp.exe\u0000\x1b[31m",
  "${7*7}&amp;",
];

Deno.test("runCard() shows what a run is, and what became of its metrics", async () => {
  const view = await viewOf({
    metadata: { name: "cnn", labels: ["digits"], description: "small" },
    hparams: { lr: 0.1, optimizer: { name: "adam" } },
    metrics: {
      train: { loss: [3, 1, 2], lr: [0.1, 0.1, NaN] },
      val: { loss: [2] },
      test: { accuracy: [0.9] },
    },
  });
  const html = String(runCard(view));
  const wanted = [
    "Complete",
    "digits",
    "small",
    "optimizer.name",
    "adam",
    '<td title="@ 2">2</td><td>1<small>@ 1</small></td><td>3<small>@ 0</small></td>',
    "1 × NaN",
    "test/accuracy",
    `aria-label="loss"`,
  ];
  for (const part of wanted) assertStringIncludes(html, part);
  assertEquals(html.match(/<svg/g)?.length, 2);
});

Deno.test("runCard() and runText() make nothing of what others wrote", async () => {
  const hparams = Object.fromEntries(HOSTILE.map((text) => [text, text]));
  const values = Object.fromEntries(
    [...HOSTILE, ...HOSTILE.map((text) => `${text}2`)].map((text) => [
      text,
      [1, 2, 3],
    ]),
  );
  const plain = await viewOf({ metrics: { train: values }, hparams });
  for (const text of HOSTILE) {
    const view: RunView = {
      ...plain,
      name: text,
      alternativeName: text,
      path: `/runs/${text}`,
      status: text,
      startTimestamp: text,
      labels: [text],
      description: text,
      problems: [text],
    };
    const html = String(runCard(view)).replace(/<style>[^]*?<\/style>/, "");
    const tags = new Set(
      html.match(/<\/?[a-z]+/gi)?.map((tag) => tag.replace(/<\/?/, "")),
    );
    assertEquals(
      [...tags].filter((tag) => !KNOWN_TAGS.has(tag)),
      [],
      JSON.stringify(text),
    );
    assert(!/<[^>]*\son\w+=/i.test(html.replace(/"[^"]*"/g, "")), text);
    // deno-lint-ignore no-control-regex -- it is about these
    assert(!/[\u0000-\u0008\u001b\u202e]/.test(html + runText(view)), text);
    assertEquals(count(html, /<div/g), count(html, /<\/div/g), text);
  }
});

Deno.test("runCard() stays small, whatever a run holds", async () => {
  const long = "x".repeat(10_000);
  const names = Array.from({ length: 300 }, (_, at) => `${at}_${long}`);
  const values = Array.from({ length: 2_000 }, (_, at) => Math.sin(at));
  const view = await viewOf({
    metadata: {
      labels: Array.from({ length: 500 }, () => long),
      description: long.repeat(20),
    },
    hparams: Object.fromEntries(names.map((name) => [name, long])),
    metrics: {
      train: Object.fromEntries(names.map((name) => [name, [1]])),
      val: Object.fromEntries(
        names.slice(0, 40).map((_, at) => [`metric_${at}`, values]),
      ),
    },
  });
  const problems = Array.from({ length: 99 }, () => long);
  const html = String(runCard({ ...view, problems }));
  assert(html.length < 200_000, `${html.length}`);
  const text = runText({ ...view, problems });
  assert(text.length < 60_000, `${text.length}`);
});

Deno.test("runCard() draws curves of any range", async () => {
  const cases: Record<string, readonly number[]> = {
    "nothing finite": [NaN, Infinity, -Infinity],
    "one value": [1],
    "always the same": [5, 5, 5],
    "always zero": [0, 0, 0],
    "nine powers of ten": [1e-9, 1e-3, 1],
    "whole range of doubles": [-Number.MAX_VALUE, Number.MAX_VALUE, 0],
    "least doubles": [5e-324, 0, 5e-324],
    "large and close": [1e15, 1e15 + 1, 1e15 + 2],
  };
  for (const [name, values] of Object.entries(cases)) {
    const view = await viewOf({ metrics: { train: { loss: values } } });
    const html = String(runCard(view));
    for (const [, path = ""] of html.matchAll(/ d="([^"]*)"/g)) {
      assert(/^[MLHhZ\d. -]+$/.test(path), `${name}: ${path}`);
    }
  }
});

Deno.test("RunViewer reads only what is new, and begins again where a file was replaced", async () => {
  using dir = tempDir();
  const path = writeRun(dir.path, { metrics: { train: { loss: [3, 2] } } });
  const source = new LocalSource(path);
  const starts: number[] = [];
  const open = source.open.bind(source);
  source.open = (key, start) => {
    starts.push(start);
    return open(key, start);
  };
  const viewer = new RunViewer(source);
  const last = async () => (await viewer.look()).series[0]?.last.value;
  assertEquals(await last(), 2);
  assertEquals(await last(), 2);
  assertEquals(starts, [0]);
  const file = `${path}/metrics/train.yaml`;
  const text = await Deno.readTextFile(file);
  await Deno.writeTextFile(file, text, { append: true });
  const view = await viewer.look();
  assertEquals([view.series[0]?.count, starts], [4, [0, text.length]]);
  await Deno.writeTextFile(file, text);
  assertEquals((await viewer.look()).series[0]?.count, 2);
});

Deno.test("RunViewer says what is damaged and shows the rest", async () => {
  using dir = tempDir();
  const path = writeRun(dir.path, { metrics: { train: { loss: [3, 2] } } });
  const viewer = new RunViewer(new LocalSource(path));
  await Deno.writeTextFile(`${path}/metadata.yaml`, "kind: [");
  await Deno.writeTextFile(`${path}/metrics/val.yaml`, "loss: 1\n");
  const view = await viewer.look();
  assertEquals([view.name, view.status], [basename(path), null]);
  assertEquals(view.series.length, 1);
  assertEquals(view.problems.length, 2, view.problems.join("\n"));
  await Deno.remove(path, { recursive: true });
  assertEquals((await viewer.look()).status, null);
});

const KNOWN_TAGS = new Set(
  ("div span dl dt dd details summary table thead tbody tr th td small b svg path text title")
    .split(" "),
);

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

async function viewOf(run: PlainRun): Promise<RunView> {
  using dir = tempDir();
  return await new RunViewer(new LocalSource(writeRun(dir.path, run))).look();
}
