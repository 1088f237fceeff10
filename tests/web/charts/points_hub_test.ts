import { assert, assertEquals } from "@std/assert";
import type { PointsQuery } from "../../../src/web/api/em.ts";
import type { Points, SeriesPoints } from "../../../src/web/api/types.ts";
import { PointsHub, type Want } from "../../../src/web/charts/points_hub.ts";
import { rawAnswer } from "./support.ts";

const VIEW = { x: "step", buckets: 100 } as const;

function want(
  nodes: readonly string[],
  metrics: readonly string[],
  view: Partial<Want["view"]> = {},
): Want {
  return { nodes, metrics, view: { ...VIEW, ...view } };
}

/** A server of series that grow, which answers when it is told to. */
class Server {
  readonly queries: PointsQuery[] = [];
  readonly aborted: PointsQuery[] = [];
  readonly lengths = new Map<string, number>();
  error: Error | undefined;
  readonly #waiting: (() => void)[] = [];
  #asked = Promise.withResolvers<void>();

  readonly read = (
    query: PointsQuery,
    abort: AbortSignal,
  ): Promise<Points> => {
    this.queries.push(query);
    this.#asked.resolve();
    this.#asked = Promise.withResolvers();
    return new Promise((resolve, reject) => {
      abort.addEventListener("abort", () => {
        this.aborted.push(query);
        reject(abort.reason);
      });
      this.#waiting.push(() =>
        this.error ? reject(this.error) : resolve(this.#answer(query))
      );
    });
  };

  /** Waits for as many questions. */
  async asked(count: number): Promise<void> {
    while (this.queries.length < count) await this.#asked.promise;
  }

  /** Answers what was asked. */
  async answer(): Promise<void> {
    this.#waiting.splice(0).forEach((go) => go());
    // Promises that wait for the answer have their turn.
    await new Promise((resolve) => setTimeout(resolve));
  }

  #answer({ node, metric, after, x }: PointsQuery): Points {
    const series = node.flatMap((id) => metric.map((name) => ({ id, name })))
      .map(({ id, name }, at): SeriesPoints => {
        const count = this.lengths.get(`${id} ${name}`) ?? 10;
        const cursor = after?.[at] ?? "";
        const from = cursor === "" ? 0 : Number(cursor.slice(2));
        const ys = Array.from({ length: count - from }, (_, i) => from + i);
        const [type = "", ...rest] = name.split("/");
        return {
          ...rawAnswer(ys, { from, reset: cursor === "" }),
          node: id,
          type,
          name: rest.join("/"),
        };
      });
    return { x, series };
  }
}

function hubOf(
  server: Server,
  isHidden = () => false,
): PointsHub & Disposable {
  const hub = new PointsHub({
    read: server.read,
    isHidden,
    liveMs: 1,
    gatherMs: 0,
  });
  return Object.assign(hub, { [Symbol.dispose]: () => hub.close() });
}

const nothing = (): void => {};

Deno.test("PointsHub asks once for charts that appear together, and only for what is missing", async () => {
  const server = new Server();
  using hub = hubOf(server);
  hub.show("loss", want(["a", "b"], ["train/loss", "val/loss"]), nothing);
  hub.show("acc", want(["a", "b"], ["train/acc"]), nothing);
  await server.asked(1);
  assert(hub.points("loss", "step").isLoading);
  await server.answer();
  assertEquals(server.queries.map(({ node, metric }) => [node, metric]), [
    [["a", "b"], ["train/loss", "val/loss", "train/acc"]],
  ]);
  const { curves, isLoading } = hub.points("loss", "step");
  assertEquals([curves.size, isLoading], [4, false]);
  hub.show("loss", want(["a", "b", "c"], ["train/loss", "val/loss"]), nothing);
  await server.asked(2);
  assertEquals(server.queries[1]?.node, ["c"]);
});

Deno.test("PointsHub fetches of what grows only what is new, by cursor", async () => {
  const server = new Server();
  using hub = hubOf(server);
  let changes = 0;
  hub.show("loss", want(["a", "b"], ["train/loss"]), () => changes++);
  await server.asked(1);
  await server.answer();
  changes = 0;
  server.lengths.set("a train/loss", 13);
  hub.grew("a", "train");
  hub.grew("a", "train");
  hub.grew("b", "val");
  await server.asked(2);
  assertEquals(server.queries[1], {
    node: ["a"],
    metric: ["train/loss"],
    x: "step",
    buckets: 100,
    after: ["1.10"],
  });
  await server.answer();
  const curve = hub.points("loss", "step").curves.get("a\0train/loss");
  assertEquals([curve?.points, curve?.columns.mean[12], changes], [13, 12, 1]);
});

Deno.test("PointsHub shows what it has of a part until its detail is there, and drops questions that were overtaken", async () => {
  const server = new Server();
  using hub = hubOf(server);
  hub.show("loss", want(["a"], ["train/loss"]), nothing);
  await server.asked(1);
  await server.answer();
  hub.show("loss", want(["a"], ["train/loss"], { from: 1, to: 5 }), nothing);
  await server.asked(2);
  const meanwhile = hub.points("loss", "step");
  assertEquals([meanwhile.isLoading, meanwhile.curves.size], [true, 1]);
  hub.show("loss", want(["a"], ["train/loss"], { from: 2, to: 3 }), nothing);
  assertEquals(server.aborted.map(({ from }) => from), [1]);
  await server.asked(3);
  await server.answer();
  assertEquals(hub.points("loss", "step").isLoading, false);
  hub.show("loss", want(["a"], ["train/loss"], { x: "epoch" }), nothing);
  const other = hub.points("loss", "epoch");
  assertEquals(other.curves.size, 0, "points of another axis are not shown");
});

Deno.test("PointsHub asks nothing for charts out of sight, and catches up when they come back", async () => {
  const server = new Server();
  using hub = hubOf(server);
  hub.show("loss", want(["a"], ["train/loss"]), nothing);
  hub.show("acc", want(["a"], ["train/acc"]), nothing);
  await server.asked(1);
  await server.answer();
  hub.hide("loss");
  server.lengths.set("a train/loss", 20);
  hub.grew("a", "train");
  await server.asked(2);
  await server.answer();
  assertEquals(server.queries[1]?.metric, ["train/acc"]);
  hub.show("loss", want(["a"], ["train/loss"]), nothing);
  assertEquals(hub.points("loss", "step").curves.size, 1, "it is still known");
  await server.asked(3);
  await server.answer();
  const last = server.queries.at(-1);
  assertEquals(last?.metric.includes("train/loss"), true);
  assertEquals(last?.after?.[last.metric.indexOf("train/loss")], "1.10");
  const curve = hub.points("loss", "step").curves.get("a\0train/loss");
  assertEquals(curve?.points, 20);
});

Deno.test("PointsHub asks nothing while nobody looks at the page", async () => {
  const server = new Server();
  let isHidden = false;
  using hub = hubOf(server, () => isHidden);
  hub.show("loss", want(["a"], ["train/loss"]), nothing);
  await server.asked(1);
  await server.answer();
  isHidden = true;
  hub.grew("a");
  // Something else is asked and answered meanwhile.
  hub.show("acc", want(["b"], ["train/acc"]), nothing);
  await server.asked(2);
  await server.answer();
  assertEquals(server.queries.map(({ after }) => after), [
    undefined,
    undefined,
  ]);
  isHidden = false;
  hub.wake();
  await server.asked(3);
  assertEquals(server.queries[2]?.after, ["1.10"]);
  await server.answer();
});

Deno.test("PointsHub says what went wrong, and tries again", async () => {
  const server = new Server();
  using hub = hubOf(server);
  server.error = new Error("no");
  hub.show("loss", want(["a"], ["train/loss"]), nothing);
  await server.asked(1);
  await server.answer();
  assertEquals(hub.points("loss", "step").error?.message, "no");
  server.error = undefined;
  hub.retry();
  await server.asked(2);
  await server.answer();
  const { error, curves } = hub.points("loss", "step");
  assertEquals([error, curves.size], [undefined, 1]);
});

Deno.test("PointsHub keeps a curve that grows for ever at a few points for each pixel", async () => {
  const server = new Server();
  using hub = hubOf(server);
  hub.show("loss", want(["a"], ["train/loss"]), nothing);
  await server.asked(1);
  await server.answer();
  for (let turn = 1; turn <= 30; turn++) {
    server.lengths.set("a train/loss", 10 + turn * 100);
    hub.grew("a", "train");
    await server.asked(1 + turn);
    await server.answer();
  }
  const curve = hub.points("loss", "step").curves.get("a\0train/loss");
  assertEquals(curve?.points, 3010);
  assert((curve?.length ?? 0) <= 4 * VIEW.buckets, `${curve?.length}`);
});
