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

Deno.test("a reporter keeps a message on one line, whatever a server has put into it", () => {
  const lines: string[] = [];
  const reporter = createReporter((line) => void lines.push(line));
  reporter.info('Downloading "/demo/\x1b[2J\nEM INFO: all is well"');
  reporter.warn("name", "a\x07\u202eb");
  assertEquals(
    // deno-lint-ignore no-control-regex
    lines.map((line) => line.replace(/^\x1b\[\d+m(.*?)\x1b\[0m/, "$1")),
    [
      'EM INFO: Downloading "/demo/\\x1b[2J\\nEM INFO: all is well"\n',
      "EM WARNING: a\\x07\\u202eb\n",
    ],
  );
});
