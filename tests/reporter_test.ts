import { assertEquals } from "@std/assert";
import { createReporter } from "../src/reporter.ts";

Deno.test("a reporter warns once of a kind, and once more when that has come to its end", () => {
  const lines: string[] = [];
  const reporter = createReporter((line) => void lines.push(line));
  reporter.warn("away", "first");
  reporter.warn("away", "second");
  reporter.info("back", "away");
  reporter.info("something else");
  reporter.warn("other", "third");
  reporter.warn("away", "fourth");
  reporter.warn("away", "fifth");
  assertEquals(
    // deno-lint-ignore no-control-regex
    lines.map((line) => line.replaceAll(/\x1b\[\d+m/g, "")),
    [
      "EM WARNING: first\n",
      "EM INFO: back\n",
      "EM INFO: something else\n",
      "EM WARNING: third\n",
      "EM WARNING: fourth\n",
    ],
  );
});
