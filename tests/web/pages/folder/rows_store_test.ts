import { assertEquals, assertStrictEquals } from "@std/assert";
import type { RowsQuery } from "../../../../src/web/api/em.ts";
import type { Row, Rows } from "../../../../src/web/api/types.ts";
import {
  PAGE_SIZE,
  RowsStore,
} from "../../../../src/web/pages/folder/rows_store.ts";

/** A server of rows that answers when it is told to. */
class FakeRows {
  total = 1000;
  status = "Running";
  readonly asked: RowsQuery[] = [];
  readonly aborted: number[] = [];
  #waiting: (() => void)[] = [];
  changes = 0;
  readonly store = new RowsStore(
    (query, signal) => {
      this.asked.push(query);
      signal.addEventListener(
        "abort",
        () => this.aborted.push(query.page ?? 0),
      );
      return new Promise((resolve) =>
        this.#waiting.push(() => resolve(this.#answer(query)))
      );
    },
    () => this.changes++,
  );

  /** Answers everything that was asked, and what is asked thereupon. */
  async answer(): Promise<void> {
    while (this.#waiting.length > 0) {
      const all = this.#waiting;
      this.#waiting = [];
      all.forEach((answer) => answer());
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }

  pages(): (number | undefined)[] {
    return this.asked.splice(0).map(({ page }) => page);
  }

  #answer({ page = 1, size = 0, search = "", column }: RowsQuery): Rows {
    const first = (page - 1) * size;
    const count = Math.max(0, Math.min(size, this.total - first));
    const data = Array.from({ length: count }, (_, i) => {
      const id = `${search}${first + i}`;
      const status = first + i === 3 ? this.status : "Complete";
      return { node: { id }, run: { status }, values: [] } as unknown as Row;
    });
    const pagination = { page, size, total: this.total };
    return { pagination, version: 1, columns: column ?? [], unknown: [], data };
  }
}

Deno.test("RowsStore asks for the pages that are seen, once", async () => {
  const fake = new FakeRows();
  const { store } = fake;
  store.ask({ folder: "f" });
  assertEquals([store.total, store.isLoading], [undefined, true]);
  await fake.answer();
  assertEquals([store.total, store.isLoading], [1000, false]);
  store.show(0, 40);
  store.show(90, 130);
  store.show(90, 130);
  assertEquals(fake.pages(), [1, 2]);
  assertEquals(store.rowAt(120), undefined);
  await fake.answer();
  assertEquals(store.rowAt(120)?.node.id, "120");
});

Deno.test("RowsStore gives up what is not seen any more", async () => {
  const fake = new FakeRows();
  const { store } = fake;
  store.ask({ folder: "f" });
  await fake.answer();
  store.show(200, 230);
  store.show(700, 730);
  assertEquals(fake.aborted, [3]);
  await fake.answer();
  assertEquals(store.rowAt(210), undefined);
  assertEquals(store.rowAt(710)?.node.id, "710");
});

Deno.test("RowsStore.refresh() asks for what is seen; what is the same stays the same object", async () => {
  const fake = new FakeRows();
  const { store } = fake;
  store.ask({ folder: "f" });
  await fake.answer();
  store.show(100, 140);
  await fake.answer();
  store.show(0, 40);
  fake.pages();
  const [before, changing] = [store.rowAt(5), store.rowAt(3)];
  fake.status = "Complete";
  store.refresh();
  assertEquals(fake.pages(), [1], "page 2 is not seen");
  assertStrictEquals(store.rowAt(5), before, "the old rows stay meanwhile");
  await fake.answer();
  assertStrictEquals(store.rowAt(5), before);
  assertEquals(store.rowAt(3)?.run?.status, "Complete");
  assertEquals(changing?.run?.status, "Running");
  store.show(100, 140);
  assertEquals(fake.pages(), [2], "and then it is asked for again");
});

Deno.test("RowsStore keeps the old rows until another question is answered", async () => {
  const fake = new FakeRows();
  const { store } = fake;
  store.ask({ folder: "f" });
  await fake.answer();
  store.ask({ folder: "f", search: "x" });
  assertEquals([store.rowAt(0)?.node.id, store.isLoading], ["0", true]);
  store.show(500, 540);
  assertEquals(fake.pages(), [1, 1], "what is seen is of the old question");
  fake.total = 2;
  await fake.answer();
  assertEquals(store.known().map(({ node }) => node.id), ["x0", "x1"]);
});

Deno.test("RowsStore forgets rows beyond the end, and those far away", async () => {
  const fake = new FakeRows();
  fake.total = 10_000;
  const { store } = fake;
  store.ask({ folder: "f" });
  await fake.answer();
  for (let at = 0; at < 10_000; at += PAGE_SIZE) {
    store.show(at, at + 40);
    await fake.answer();
  }
  assertEquals(store.rowAt(0), undefined);
  assertEquals(store.known().length, 5000);
  fake.total = 9920;
  store.refresh();
  await fake.answer();
  assertEquals(store.rowAt(9930), undefined);
  assertEquals(store.rowAt(9910)?.node.id, "9910");
});

Deno.test("RowsStore stays where it is when only the columns change", async () => {
  const fake = new FakeRows();
  const { store } = fake;
  store.ask({ folder: "f", column: ["a"] });
  await fake.answer();
  store.show(290, 310);
  await fake.answer();
  fake.pages();
  store.ask({ folder: "f", column: ["a", "b"] });
  assertEquals(fake.pages(), [3, 4]);
  assertEquals(store.rowAt(300)?.node.id, "300", "the old rows stay meanwhile");
  assertEquals(store.columns, ["a"], "and are of the old columns");
  await fake.answer();
  assertEquals(store.columns, ["a", "b"]);
  assertEquals(store.rowAt(295)?.node.id, "295");
  assertEquals(store.rowAt(300)?.node.id, "300");
  store.ask({ folder: "f", column: ["a", "b"], sort: "b" });
  assertEquals(fake.pages(), [1]);
});
