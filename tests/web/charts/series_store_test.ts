import { assertEquals } from "@std/assert";
import type { SeriesList } from "../../../src/web/api/types.ts";
import { SeriesStore } from "../../../src/web/charts/series_store.ts";

function scene(options: { isHidden?: () => boolean } = {}): {
  readonly store: SeriesStore;
  readonly asked: string[][];
  fail: boolean;
  until(isDone: () => boolean): Promise<void>;
} {
  const asked: string[][] = [];
  let changed = Promise.withResolvers<void>();
  const self = {
    asked,
    fail: false,
    store: new SeriesStore({
      liveMs: 0,
      isHidden: options.isHidden ?? (() => false),
      onChange: () => {
        changed.resolve();
        changed = Promise.withResolvers();
      },
      list: (nodes): Promise<SeriesList> => {
        asked.push([...nodes]);
        if (self.fail) return Promise.reject(new Error("no"));
        const runs = nodes.filter((node) => node !== "gone")
          .map((node) => ({
            node,
            version: asked.length,
            types: [],
            series: [],
          }));
        return Promise.resolve({ runs });
      },
    }),
    async until(isDone: () => boolean) {
      while (!isDone()) await changed.promise;
    },
  };
  return self;
}

Deno.test("SeriesStore asks about many runs in pieces, and about those that grew only", async () => {
  const { store, asked, until } = scene();
  const ids = Array.from({ length: 250 }, (_, at) => `run${at}`);
  store.want(ids);
  await until(() => !store.isLoading);
  assertEquals(asked.map(({ length }) => length), [100, 100, 50]);
  store.grew("run7");
  store.grew("run7");
  store.grew("somebody else's");
  await until(() => asked.length === 4);
  assertEquals(asked[3], ["run7"]);
  store.close();
});

Deno.test("SeriesStore asks only once about a run of which the server knows nothing", async () => {
  const { store, asked, until } = scene();
  store.want(["gone"]);
  await until(() => !store.isLoading);
  assertEquals(asked, [["gone"]]);
  assertEquals(store.runs.get("gone")?.series, []);
  store.close();
});

Deno.test("SeriesStore says what went wrong, and tries again", async () => {
  const self = scene();
  self.fail = true;
  self.store.want(["a"]);
  await self.until(() => self.store.error !== undefined);
  self.fail = false;
  self.store.retry();
  await self.until(() => self.store.runs.size === 1);
  assertEquals(self.store.error, undefined);
  self.store.close();
});
