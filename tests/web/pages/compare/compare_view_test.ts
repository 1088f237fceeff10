import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  moveRun,
  readView,
  writeView,
} from "../../../../src/web/pages/compare/compare_view.ts";

/** What an address says after it was written and read. */
function throughAddress(
  view: Parameters<typeof writeView>[0],
): ReturnType<typeof readView> {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(writeView(view))) {
    for (const each of [value ?? []].flat()) params.append(name, each);
  }
  return readView(new URLSearchParams(params.toString()));
}

Deno.test("an address says which runs are compared, which are hidden, and which is the baseline", () => {
  const ids = fc.uniqueArray(
    fc.oneof(fc.uuid(), fc.stringMatching(/^[ab ]{1,8}$/)),
    { maxLength: 12 },
  );
  fc.assert(fc.property(ids, fc.nat(), fc.nat(), (ids, mask, at) => {
    const hidden = new Set(
      ids.filter((id, i) => (mask >> i) % 2 === 1 && !id.includes(" ")),
    );
    const baseline = ids[at % (ids.length + 1)];
    assertEquals(throughAddress({ ids, hidden, baseline }), {
      ids,
      hidden,
      baseline,
    });
  }));
});

Deno.test("an address of 200 runs of which half are hidden stays below 10 000 characters", () => {
  const ids = Array.from({ length: 200 }, () => crypto.randomUUID());
  const { run, hide, base } = writeView({
    ids,
    hidden: new Set(ids.slice(0, 100)),
    baseline: ids[7],
  });
  const params = new URLSearchParams([
    ...[run ?? []].flat().map((id) => ["run", id]),
    ["hide", `${hide}`],
    ["base", `${base}`],
  ]);
  assertEquals(params.toString().length < 10_000, true, `${params}`);
});

Deno.test("a short id that two runs have, or none, means nothing", () => {
  const view = readView(
    new URLSearchParams("run=abcd1&run=abcd2&run=x&hide=abcd x zz&base=abc"),
  );
  assertEquals(view, {
    ids: ["abcd1", "abcd2", "x"],
    hidden: new Set(["x"]),
    baseline: undefined,
  });
});

Deno.test("moveRun() stops at both ends and knows no strangers", () => {
  const ids = ["a", "b", "c"];
  assertEquals(moveRun(ids, "b", 1), ["a", "c", "b"]);
  assertEquals(moveRun(ids, "c", 1), ids);
  assertEquals(moveRun(ids, "c", -Infinity), ["c", "a", "b"]);
  assertEquals(moveRun(ids, "z", 1), ids);
});
