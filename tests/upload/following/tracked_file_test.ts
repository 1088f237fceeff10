import { assertEquals } from "@std/assert";
import type { ScheduleDecision } from "../../../src/upload/schedule/schedule.ts";
import {
  type Demand,
  TrackedFile,
} from "../../../src/upload/following/tracked_file.ts";

const STAMP = { sizeBytes: 100, mtimeMs: 1000, inode: 7 };
const STORED = { sizeBytes: 100, checksum: "c" };
const DELIVERED = {
  state: "delivered",
  stamp: STAMP,
  settled: true,
  stored: STORED,
  sentBytes: 100,
  sent: "whole",
  isProven: true,
} as const;
const NOW = 100_000;
const SEND: ScheduleDecision = { send: true, plan: {} };

function file(proof = { isWanted: false }): TrackedFile {
  return new TrackedFile("a.txt", STAMP, { nowMs: NOW, proof });
}

function decide(
  tracked: TrackedFile,
  nowMs: number,
  demand?: Demand,
  more: { storedBytes?: number; canAppend?: boolean } = {},
): ScheduleDecision {
  return tracked.decide({
    nowMs,
    demand,
    storedBytes: more.storedBytes,
    canAppend: more.canAppend ?? false,
    budget: { for: () => 0 },
  });
}

Deno.test("a file is dirty until this very version was delivered", () => {
  const tracked = file();
  assertEquals(tracked.isDirty, true);
  tracked.settle(DELIVERED, { nowMs: NOW, look: 1 });
  assertEquals(tracked.isDirty, false);
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
  assertEquals(decide(tracked, NOW), { send: false, waitMs: 60 });
  assertEquals(decide(tracked, NOW + 60), SEND);
  tracked.settle({ ...DELIVERED, sentBytes: 0, sent: "nothing" }, {
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
  assertEquals(decide(tracked, NOW + 1e6), {
    send: false,
    waitMs: Infinity,
  });
  assertEquals(decide(tracked, NOW + 1e6, { sinceLook: 2 }), SEND);
});

Deno.test("an attempt that failed leaves the file to be sent; one that cannot be read is not waited for", () => {
  const error = new Error("x");
  const table = [
    [{ state: "retryable", error, sentBytes: 9, stamp: STAMP }, true],
    [{ state: "changed", sentBytes: 9 }, true],
    [{ state: "rewritten", sentBytes: 0 }, true],
    [{ state: "unreadable", reason: "why" }, false],
  ] as const;
  for (const [outcome, outstanding] of table) {
    const tracked = file();
    tracked.settle(DELIVERED, { nowMs: NOW, look: 1 });
    tracked.see({ ...STAMP, sizeBytes: 200 }, { nowMs: NOW, look: 2 });
    tracked.settle(outcome, { nowMs: NOW, look: 2 });
    assertEquals(
      [tracked.isDirty, tracked.isOutstanding],
      [true, outstanding],
      outcome.state,
    );
  }
});

Deno.test("only the end of a file goes that was only added to, as far as can be seen", () => {
  const grown = { ...STAMP, sizeBytes: 200, mtimeMs: 2000 };
  const tail: ScheduleDecision = { send: true, plan: { tailOnly: true } };
  const table: [string, (tracked: TrackedFile) => void, ScheduleDecision][] = [
    ["grown", (tracked) => see(tracked, grown), tail],
    ["rewritten, then grown", (tracked) => {
      see(tracked, { ...STAMP, mtimeMs: 1500 });
      see(tracked, grown);
    }, SEND],
    ["shortened, then grown", (tracked) => {
      see(tracked, { ...STAMP, sizeBytes: 50, mtimeMs: 1500 });
      see(tracked, grown);
    }, SEND],
    ["replaced", (tracked) => see(tracked, { ...grown, inode: 8 }), SEND],
    ["found to be rewritten", (tracked) => {
      see(tracked, grown);
      tracked.settle({ state: "rewritten", sentBytes: 0 }, {
        nowMs: NOW,
        look: 2,
      });
    }, SEND],
  ];
  for (const [label, happen, wanted] of table) {
    const tracked = file();
    tracked.settle(DELIVERED, { nowMs: NOW, look: 1 });
    happen(tracked);
    const more = { storedBytes: 100, canAppend: true };
    const decision = decide(tracked, NOW + 100_000, undefined, more);
    assertEquals(decision, wanted, label);
  }
});

Deno.test("what was replaced and sent before it was looked at is taken for what it is", () => {
  const tracked = file();
  const replaced = { ...STAMP, inode: 8 };
  tracked.settle({ ...DELIVERED, stamp: replaced }, { nowMs: NOW, look: 1 });
  see(tracked, replaced);
  assertEquals(tracked.isDirty, false);
  see(tracked, { ...replaced, sizeBytes: 200, mtimeMs: 2000 });
  assertEquals(
    decide(tracked, NOW + 100_000, undefined, {
      storedBytes: 100,
      canAppend: true,
    }),
    { send: true, plan: { tailOnly: true } },
  );
});

Deno.test("at the end every byte is made sure of, of a file whose middle nobody has looked at", () => {
  const proof = { isWanted: false };
  const tracked = file(proof);
  tracked.settle({ ...DELIVERED, isProven: false }, { nowMs: NOW, look: 1 });
  assertEquals(tracked.isDirty, false);
  proof.isWanted = true;
  assertEquals(tracked.isDirty, true);
  assertEquals(decide(tracked, NOW + 1000, { sinceLook: 2 }), {
    send: true,
    plan: { proof: true },
  });
  tracked.settle({ ...DELIVERED, sent: "nothing", sentBytes: 0 }, {
    nowMs: NOW,
    look: 2,
  });
  assertEquals(tracked.isDirty, false);
});

Deno.test("a large file is given the time in which its clock ticks, rather than to be read twice", () => {
  const stamp = { ...STAMP, sizeBytes: 5_000_000 };
  const tracked = new TrackedFile("a", stamp, {
    nowMs: NOW,
    proof: { isWanted: false },
  });
  assertEquals(decide(tracked, NOW + 10, { sinceLook: 1 }), {
    send: false,
    waitMs: 50,
  });
  assertEquals(decide(tracked, NOW + 60, { sinceLook: 1 }), SEND);
});

function see(tracked: TrackedFile, stamp: typeof STAMP): void {
  tracked.see(stamp, { nowMs: NOW, look: 2 });
}

Deno.test("while somebody waits, a file goes once; again only when it has come to rest", () => {
  const tracked = file();
  tracked.settle({ ...DELIVERED, sentBytes: 1e12 }, { nowMs: NOW, look: 5 });
  tracked.see({ ...STAMP, sizeBytes: 50_000 }, { nowMs: NOW, look: 6 });
  assertEquals(
    decide(tracked, NOW, { sinceLook: 6 }),
    SEND,
    "not sent since the wait began",
  );
  assertEquals(
    decide(tracked, NOW, { sinceLook: 5 }).send,
    false,
    "sent, and still growing",
  );
  assertEquals(
    decide(tracked, NOW + 1000, { sinceLook: 5 }),
    SEND,
    "at rest",
  );
});
