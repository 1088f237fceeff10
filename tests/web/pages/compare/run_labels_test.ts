import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { runLabels } from "../../../../src/web/pages/compare/run_labels.ts";

Deno.test("runs of the same name are told apart by their folders, others are not", () => {
  assertEquals(
    runLabels(["/me/a/run", "/me/b/run", "/me/b/other", "/you/b/run"]),
    ["a/run", "me/b/run", "other", "you/b/run"],
  );
});

Deno.test("different paths have different labels, and each is the end of its path", () => {
  const part = fc.constantFrom("a", "b", "run");
  const path = fc.array(part, { minLength: 1, maxLength: 5 })
    .map((parts) => `/${parts.join("/")}`);
  fc.assert(fc.property(fc.uniqueArray(path), (paths) => {
    const labels = runLabels(paths);
    labels.forEach((label, i) => assertEquals(paths[i]?.endsWith(label), true));
    const whole = labels.map((label, i) =>
      label === paths[i]?.slice(1) ? paths[i] : label
    );
    assertEquals(new Set(whole).size, paths.length, labels.join());
  }));
});
