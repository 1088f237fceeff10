import { assertEquals, assertRejects } from "@std/assert";
import { RequestQueue } from "../../../src/server/operations/request_queue.ts";
import { Refusal } from "../../../src/server/refusal.ts";

Deno.test("RequestQueue works on so many at once, lets some wait in order, and refuses the rest", async () => {
  const queue = new RequestQueue({
    maxActive: 2,
    maxQueued: 2,
    maxQueueMs: 10_000,
  });
  const done: number[] = [];
  const ends = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  let most = 0;
  const run = (index: number) =>
    queue.run(async () => {
      most = Math.max(most, queue.active);
      await ends[index]?.promise;
      done.push(index);
      return index;
    });
  const results = [run(0), run(1), run(2), run(3)];
  const error = await assertRejects(() => run(4), Refusal, "busy");
  assertEquals([error.status, error.headers["retry-after"]], [503, "5"]);
  assertEquals([queue.active, queue.queued, queue.refused], [2, 2, 1]);
  for (const index of [1, 2, 0, 3]) {
    ends[index]?.resolve();
    await results[index];
  }
  assertEquals(done, [1, 2, 0, 3]);
  assertEquals([most, queue.active, queue.queued], [2, 0, 0]);
});

Deno.test("RequestQueue refuses who has waited too long, and goes on after work that fails", async () => {
  const queue = new RequestQueue({
    maxActive: 1,
    maxQueued: 9,
    maxQueueMs: 20,
  });
  const end = Promise.withResolvers<void>();
  const first = queue.run(() => end.promise);
  await assertRejects(
    () => queue.run(() => Promise.resolve()),
    Refusal,
    "busy",
  );
  assertEquals([queue.active, queue.queued, queue.refused], [1, 0, 1]);
  end.reject(new Error("broken"));
  await assertRejects(() => first, Error, "broken");
  assertEquals(await queue.run(() => Promise.resolve(7)), 7);
  assertEquals(queue.active, 0);
});
