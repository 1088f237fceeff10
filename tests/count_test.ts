import { assertEquals } from "@std/assert";
import { countTests } from "./count.ts";

Deno.test("countTests() takes the true counts from deno test's closing line", () => {
  const cases: [output: string, exitCode: number, wanted: [number, number]][] =
    [
      ["a ... ok (1ms)\n\nok | 3 passed | 0 failed (15ms)\n", 0, [3, 0]],
      ["ok | 1 passed (2 steps) | 0 failed (1s)\n", 0, [1, 0]],
      ["FAILED | 2 passed (1 step) | 1 failed (3 steps) (1m2s)", 1, [2, 1]],
      ["ok | 3 passed | 0 failed | 2 ignored (15ms)\n", 0, [3, 2]],
      ["ok | 3 passed | 0 failed | 4 filtered out (15ms)\n", 0, [3, 0]],
      ["ok | 0 passed | 0 failed (0ms)\n", 0, [0, 1]],
      ["ok | 3 passed | 0 failed (15ms)\n", 1, [3, 1]],
      ["error: Type checking failed.\n", 1, [0, 1]],
      ["", 0, [0, 1]],
      [
        "ok | 9 passed | 0 failed (1ms)\nFAILED | 2 passed | 1 failed (1ms)\n",
        1,
        [2, 1],
      ],
      ["printed: ok | 9 passed |\nok | 2 passed | 0 failed (1ms)", 0, [2, 0]],
    ];
  for (const [output, exitCode, [passed, failed]] of cases) {
    assertEquals(countTests(output, exitCode), { passed, failed }, output);
  }
});
