import { assertEquals } from "@std/assert";
import { UploadQueue } from "../../src/sync/upload_queue.ts";

Deno.test("UploadQueue runs two tasks at a time for each server, in their order, whatever becomes of them", async () => {
  const queue = new UploadQueue();
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const run = (host: string, name: string) =>
    queue.run(host, () => {
      begun.push(name);
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      ends.set(name, () => name === "a1" ? reject(name) : resolve(name));
      return promise;
    });
  const all = [
    ...["a1", "a2", "a3", "a4"].map((name) => run("a", name)),
    run("b", "b1"),
  ];
  const outcomes = Promise.allSettled(all);
  assertEquals(begun, ["a1", "a2", "b1"]);
  ends.get("a1")?.();
  await all[0]?.catch(() => {});
  await Promise.resolve();
  assertEquals(begun, ["a1", "a2", "b1", "a3"]);
  for (const name of ["a2", "a3", "b1"]) ends.get(name)?.();
  await all[2];
  await Promise.resolve();
  ends.get("a4")?.();
  assertEquals(
    (await outcomes).map(({ status }) => status),
    ["rejected", ...Array(4).fill("fulfilled")],
  );
  assertEquals(begun.length, 5);
});
