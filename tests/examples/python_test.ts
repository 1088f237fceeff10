import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { requirePython } from "../support/require_python.ts";
import { runExample, withTempDir } from "./child.ts";

Deno.test("orchestrate_python.ts and sweep.ts train in Python and compare what came out", async () => {
  requirePython();
  await withTempDir(async (dir) => {
    const one = await runExample(["orchestrate_python.ts"], dir);
    assertEquals(one.code, 0, `${one.stdout}\n${one.stderr}`);
    assertMatch(
      one.stdout,
      /^exit code 0, status Complete: 30 losses, 3 evaluations, accuracy 0\.[5-9]\d*\nthe model is in /m,
    );
    const all = await runExample(["sweep.ts"], dir);
    assertEquals(all.code, 0, `${all.stdout}\n${all.stderr}`);
    assertStringIncludes(all.stdout, "\n6 runs, 0 failed\n");
    const accuracies = [...all.stdout.matchAll(/"Complete" │ ([\d.]+)/g)]
      .map(([, accuracy]) => Number(accuracy));
    assertEquals(accuracies.length, 6);
    assertEquals(accuracies, accuracies.toSorted((a, b) => b - a));
  });
});
