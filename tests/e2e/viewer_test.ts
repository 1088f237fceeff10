import {
  assert,
  assertEquals,
  assertGreater,
  assertStringIncludes,
} from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { decodeRunMetadata } from "../../src/format/metadata.ts";
import { onlyRun, ROOT, spawnScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import {
  copyFixture,
  listing,
  type TestViewer,
  testViewer,
} from "../viewer/support.ts";

/** Logs without end, one record and one line at a time, until it is told to finish. */
const TRAINER = `
  import { createRun } from "@t9k/em";
  const run = await createRun({ name: "watched", hparams: { lr: 0.1 } });
  let ended = false;
  Deno.addSignalListener("SIGUSR1", () => ended = true);
  for (let step = 1; !ended; step++) {
    run.log("train", { loss: 1 / step }, { step });
    console.log("step", step);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await run.finish();
  Deno.exit(0);
`;

/** A stream of events, as texts. */
function events(viewer: TestViewer, node: string) {
  const seen: string[] = [];
  const abort = new AbortController();
  const reading = (async () => {
    const answer = await viewer.fetch(`/em/v1/events?node=${node}`, {
      signal: abort.signal,
    });
    assert(answer.body);
    for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
      seen.push(...text.split("\n\n").filter(Boolean));
    }
  })().catch((error) => {
    if (!abort.signal.aborted) throw error;
  });
  return {
    seen,
    /** Waits for an event that holds all of some texts, after those that were seen before. */
    next: (...parts: string[]) => {
      const from = seen.length;
      return waitFor(
        parts.join(" "),
        () =>
          seen.slice(from).find((event) =>
            parts.every((part) => event.includes(part))
          ),
      );
    },
    async [Symbol.asyncDispose]() {
      abort.abort();
      await reading;
    },
  };
}

/** Reads what a child prints, or it would break on that. */
function drain({ stdout, stderr }: Deno.ChildProcess): Promise<unknown> {
  return Promise.all([stdout, stderr].map((from) => new Response(from).text()));
}

async function statusOf(viewer: TestViewer, node: string): Promise<string> {
  const { data } = await viewer.json(`/em/v1/rows?node=${node}`);
  return data[0].run?.status;
}

for (const end of ["finishes", "is killed"] as const) {
  Deno.test(`a run that another process logs is seen live until it ${end}, and its directory is left as it is`, async () => {
    using dir = tempDir();
    Deno.mkdirSync(join(dir.path, ".em"));
    await using viewer = await testViewer(join(dir.path, ".em"));
    const { user } = await viewer.session();
    const root = await viewer.json(`/apis/v1/nodes/info?node=/${user}`);
    await using stream = events(viewer, root.id);
    await waitFor("the stream", () => stream.seen.length > 0 || undefined);
    const child = spawnScript(TRAINER, { dir: dir.path });
    const output = drain(child);

    const log = await stream.next('"kind":"log"');
    const node = /"node":"([^"]+)"/.exec(log)?.[1] ?? "";
    assert(
      stream.seen.some((event) =>
        event.includes(node) && event.includes('"change":"created"')
      ),
    );
    const metrics = await stream.next(
      node,
      '"kind":"metrics"',
      '"type":"train"',
    );
    assertStringIncludes(metrics, '"version":');
    assertEquals(await statusOf(viewer, node), "Running");

    // What follows comes as the rest after what was had, not as the whole again.
    const first = await viewer.json(
      `/em/v1/points?node=${node}&metric=train/loss`,
    );
    const had = first.series[0];
    await waitFor("what follows", async () => {
      const { series: [more] } = await viewer.json(
        `/em/v1/points?node=${node}&metric=train/loss&after=${had.cursor}`,
      );
      assertEquals(more.reset, false);
      return more.count > had.count || undefined;
    });

    const isOver = stream.next(node, '"kind":"status"');
    child.kill(end === "finishes" ? "SIGUSR1" : "SIGKILL");
    await child.status;
    await output;
    await isOver;
    const wanted = end === "finishes" ? "Complete" : "Error";
    await waitFor(
      wanted,
      async () => await statusOf(viewer, node) === wanted || undefined,
    );
    const run = onlyRun(dir.path);
    const text = Deno.readTextFileSync(join(run, "metadata.yaml"));
    assertEquals(
      decodeRunMetadata(text).status,
      end === "finishes" ? "Complete" : "Running",
    );
    const { documents } = await viewer.json(`/em/v1/documents?node=${node}`);
    assertEquals(documents[0].value.status, wanted);
    assert(documents[0].value.endTimestamp !== null);

    const lines = Deno.readTextFileSync(join(run, "metrics/train.yaml"))
      .match(/^- value:/gm)?.length;
    await waitFor("every record", async () => {
      const { series: [all] } = await viewer.json(
        `/em/v1/points?node=${node}&metric=train/loss`,
      );
      return all.count === lines || undefined;
    });
    assertEquals(viewer.reports, []);
  });
}

Deno.test("a run whose process was killed while nobody looked is an error from the first look on", async () => {
  using dir = tempDir();
  const child = spawnScript(TRAINER, { dir: dir.path });
  const output = drain(child);
  await waitFor("records", () => {
    try {
      const file = join(onlyRun(dir.path), "metrics/train.yaml");
      return Deno.statSync(file).size > 1000 || undefined;
    } catch {
      return undefined;
    }
  });
  child.kill("SIGKILL");
  await child.status;
  await output;
  const before = listing(dir.path);
  {
    await using viewer = await testViewer(onlyRun(dir.path));
    const { user } = await viewer.session();
    const { data: [node] } = await viewer.json(
      `/apis/v1/nodes?parent=/${user}`,
    );
    assertEquals(await statusOf(viewer, node.id), "Error");
  }
  assertEquals(listing(dir.path), before);
});

Deno.test("em ui needs leave to read the directory, to write to the temporary one, and to listen, and no more", async () => {
  using dir = tempDir();
  const em = join(dir.path, ".em");
  const temp = join(dir.path, "temp");
  Deno.mkdirSync(em);
  Deno.mkdirSync(temp);
  copyFixture("c08_artifacts", em);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      `--config=${fromFileUrl(new URL("deno.json", ROOT))}`,
      `--allow-read=${em},${temp}`,
      `--allow-write=${temp}`,
      "--allow-net=127.0.0.1",
      fromFileUrl(new URL("src/cli/main.ts", ROOT)),
      "ui",
      em,
      "--port=0",
    ],
    env: { TMPDIR: temp, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  const stdout = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  while (!said.includes("/web/\n")) {
    const { value, done } = await stdout.read();
    assert(!done, `${said}${done && await stderr}`);
    said += value;
  }
  const api = `${/http:\S+\/t9k/.exec(said)?.[0]}/aistore/server`;
  const name = "mnist_torch_261123_082118_6fauz3";
  const info = await fetch(
    `${api}/apis/v1/nodes/info?node=/${dir.path.split("/").at(-1)}/${name}`,
  );
  const { id } = await info.json();
  const types = await waitFor("the metrics", async () => {
    const answer = await fetch(`${api}/em/v1/series?node=${id}`);
    const { runs: [run] } = await answer.json();
    return run.types.length > 0 ? run.types : undefined;
  });
  assertEquals([types.length, types[0].records], [1, 1]);
  assertGreater([...Deno.readDirSync(temp)].length, 0);
  child.kill("SIGTERM");
  assertEquals((await child.status).code, 0);
  await stdout.cancel();
  assertEquals(await stderr, "");
  assertEquals([...Deno.readDirSync(temp)], []);
});
