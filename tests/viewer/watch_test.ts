import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { createReporter } from "../../src/reporter.ts";
import { Store } from "../../src/server/store/store.ts";
import { Mirror } from "../../src/viewer/mirror.ts";
import type { ShownNode } from "../../src/viewer/shown_node.ts";
import { Watch } from "../../src/viewer/watch.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { append, makeRun, record } from "./support.ts";

/** A mirror whose looks are counted, by the base name of the directory. */
class CountingMirror extends Mirror {
  readonly looks: string[] = [];
  fails = "";

  override async look(node: ShownNode): Promise<void> {
    const name = node.dir.split("/").at(-1) ?? "";
    this.looks.push(name);
    if (name === this.fails) throw new Error("made up");
    await super.look(node);
  }
}

function scene(runs: Record<string, "Running" | "Complete">) {
  const dir = tempDir();
  const root = join(dir.path, "lab");
  Deno.mkdirSync(root);
  for (const [name, status] of Object.entries(runs)) {
    const run = makeRun(root, name, { status });
    Deno.writeTextFileSync(join(run, "metrics/train.yaml"), record(1, 1));
  }
  const store: Store = new Store({
    dataDir: join(dir.path, "data"),
    durability: "process",
    locate: (file): string => mirror.locate(file),
  });
  const said: string[] = [];
  const reporter = createReporter((line) => said.push(line));
  const mirror: CountingMirror = new CountingMirror(store.database, {
    root,
    user: "lab",
    tempDir: dir.path,
    hostname: "worker-0",
    reporter,
  });
  return {
    root,
    store,
    mirror,
    said,
    watch: () =>
      new Watch({
        mirror,
        reporter,
        pending: () => store.metrics.pending,
        intervalMs: 10,
      }),
    [Symbol.dispose]() {
      store[Symbol.dispose]();
      dir[Symbol.dispose]();
    },
  };
}

const OLD = "old_261101_000000_aaaaaa";
const NEW = "new_261123_000000_aaaaaa";
const LIVE = "live_261110_000000_aaaaaa";

Deno.test("the newest runs are looked at first, what runs again and again, what is over no more than once", async () => {
  using place = scene({
    [OLD]: "Complete",
    [NEW]: "Complete",
    [LIVE]: "Running",
  });
  const { mirror } = place;
  const ids = [...mirror.nodes()].map(({ dir }) => dir.split("/").at(-1));
  assertEquals(ids, [NEW, LIVE, OLD]);
  const watch = place.watch();
  await waitFor(
    "five looks at what runs",
    () => mirror.looks.filter((name) => name === LIVE).length > 5 || undefined,
  );
  await watch.end();
  assertEquals([...new Set(mirror.looks)], [NEW, LIVE, OLD]);
  // What was just written is looked at once more, since a further change could have the same time.
  const over = mirror.looks.filter((name) => name !== LIVE);
  assert(over.length <= 6, `${over}`);
  assertEquals(place.said, []);
});

Deno.test("a run that cannot be looked at does not keep the others from being seen, and is said once", async () => {
  using place = scene({ [NEW]: "Running", [OLD]: "Running" });
  const { mirror, store, root } = place;
  mirror.fails = NEW;
  const watch = place.watch();
  const { id } = [...mirror.nodes()].find(({ dir }) => dir.endsWith(OLD)) ?? {};
  assert(id);
  const size = () =>
    store.objects.get({ nodeId: id, key: "metrics/train.yaml" })?.size;
  const file = join(root, OLD, "metrics/train.yaml");
  append(file, record(2, 2));
  const wanted = Deno.statSync(file).size;
  await waitFor("the second record", () => size() === wanted || undefined);
  await watch.end();
  assertEquals(place.said.length, 1);
  // After the end nothing is looked at.
  const before = mirror.looks.length;
  await watch.refresh([...mirror.nodes()]);
  assertEquals(mirror.looks.length, before);
});
