import { assertEquals } from "@std/assert";
import { TrackedFile } from "../../src/upload/tracked_file.ts";

const STAMP = { sizeBytes: 100, mtimeMs: 1000, inode: 7 };
const STORED = { sizeBytes: 100, checksum: "c" };
const DELIVERED = {
  state: "delivered",
  stamp: STAMP,
  settled: true,
  stored: STORED,
  sentBytes: 100,
  sent: true,
} as const;
const NOW = 100_000;

function file(): TrackedFile {
  return new TrackedFile("a.txt", STAMP, { nowMs: NOW, stored: undefined });
}

Deno.test("a file is dirty until this very version was delivered", () => {
  const tracked = file();
  assertEquals(tracked.isDirty, true);
  tracked.settle(DELIVERED, { nowMs: NOW, look: 1 });
  assertEquals([tracked.isDirty, tracked.stored], [false, STORED]);
  for (const change of [{ sizeBytes: 101 }, { mtimeMs: 1001 }, { inode: 8 }]) {
    assertEquals(
      tracked.see({ ...STAMP, ...change }, { nowMs: NOW, look: 2 }),
      true,
    );
    assertEquals(tracked.isDirty, true, JSON.stringify(change));
    tracked.see(STAMP, { nowMs: NOW, look: 3 });
    assertEquals([tracked.isDirty, tracked.madeSureLook], [false, 3]);
  }
});

Deno.test("a version that was sent in the moment it was written is looked into again, soon and whatever it cost", () => {
  const tracked = file();
  tracked.settle({ ...DELIVERED, settled: false, sentBytes: 1e12 }, {
    nowMs: NOW,
    look: 1,
  });
  assertEquals([tracked.isDirty, tracked.madeSureLook], [true, 1]);
  assertEquals(tracked.decide(NOW, undefined), { send: false, waitMs: 60 });
  assertEquals(tracked.decide(NOW + 60, undefined), { send: true });
  tracked.settle({ ...DELIVERED, sentBytes: 0, sent: false }, {
    nowMs: NOW + 70,
    look: 1,
  });
  assertEquals(tracked.isDirty, false);
});

Deno.test("a refused version is given up; a later one is tried when somebody waits", () => {
  const tracked = file();
  const refusal = {
    state: "rejected",
    error: new Error("too large"),
    sentBytes: 100,
    stamp: STAMP,
  } as const;
  tracked.settle(refusal, { nowMs: NOW, look: 1 });
  assertEquals([tracked.isRefused, tracked.isDirty, tracked.refusal], [
    true,
    false,
    "too large",
  ]);
  tracked.see({ ...STAMP, sizeBytes: 50 }, { nowMs: NOW, look: 2 });
  assertEquals([tracked.isRefused, tracked.isDirty], [false, true]);
  assertEquals(tracked.decide(NOW + 1e6, undefined), {
    send: false,
    waitMs: Infinity,
  });
  assertEquals(tracked.decide(NOW + 1e6, { sinceLook: 2 }), { send: true });
});

Deno.test("what became of an attempt decides what the server is taken to have", () => {
  const error = new Error("x");
  const table = [
    [
      { state: "retryable", error, sentBytes: 9, stamp: STAMP },
      undefined,
      true,
    ],
    [{ state: "changed", sentBytes: 9 }, undefined, true],
    [{ state: "changed", sentBytes: 0 }, STORED, true],
    [{ state: "unreadable", reason: "why" }, STORED, false],
  ] as const;
  for (const [outcome, stored, outstanding] of table) {
    const tracked = file();
    tracked.settle(DELIVERED, { nowMs: NOW, look: 1 });
    tracked.see({ ...STAMP, sizeBytes: 200 }, { nowMs: NOW, look: 2 });
    tracked.settle(outcome, { nowMs: NOW, look: 2 });
    const label = JSON.stringify(outcome);
    assertEquals([tracked.stored, tracked.isDirty, tracked.isOutstanding], [
      stored,
      true,
      outstanding,
    ], label);
  }
});

Deno.test("while somebody waits, a file goes once; again only when it has come to rest", () => {
  const tracked = file();
  tracked.settle({ ...DELIVERED, sentBytes: 1e12 }, { nowMs: NOW, look: 5 });
  tracked.see({ ...STAMP, sizeBytes: 50_000 }, { nowMs: NOW, look: 6 });
  assertEquals(
    tracked.decide(NOW, { sinceLook: 6 }),
    { send: true },
    "not sent since the wait began",
  );
  assertEquals(
    tracked.decide(NOW, { sinceLook: 5 }).send,
    false,
    "sent, and still growing",
  );
  assertEquals(
    tracked.decide(NOW + 1000, { sinceLook: 5 }),
    { send: true },
    "at rest",
  );
});
