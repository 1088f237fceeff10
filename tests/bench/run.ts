/**
 * Runs benchmarks. `deno task bench` measures every number of the design, each in a process of its own, and prints one
 * table; with `--write` the README gets it. `deno task bench log startup` runs those named, and prints all that they
 * found; with `--json` as JSON, a line each.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- this is a command-line program

import { parseArgs } from "node:util";
import type { BenchReport } from "./measure.ts";
import { showTable } from "./table.ts";

const BENCHES: Readonly<
  Record<string, () => Promise<{ run(): BenchReport | Promise<BenchReport> }>>
> = {
  log: () => import("./log.ts"),
  upload: () => import("./upload.ts"),
  startup: () => import("./startup.ts"),
  memory: () => import("./memory.ts"),
  sent: () => import("./sent.ts"),
  large: () => import("./large.ts"),
  read: () => import("./read_metrics.ts"),
  load: () => import("./load.ts"),
  ls: () => import("./ls.ts"),
  server: () => import("./server.ts"),
  web_table: () => import("./web_table.ts"),
  durability: () => import("./durability.ts"),
  team: () => import("./team.ts"),
  web: () => import("./web.ts"),
  web_hour: () => import("./web_hour.ts"),
  web_curve: () => import("./web_curve.ts"),
};

if (import.meta.main) await main();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: { json: { type: "boolean" }, write: { type: "boolean" } },
  });
  const names = positionals.length > 0 ? positionals : ["table"];
  for (const name of names) {
    if (name === "table") {
      await showTable({ write: values.write ?? false });
      continue;
    }
    const load = BENCHES[name];
    if (load === undefined) {
      const known = ["table", ...Object.keys(BENCHES)].join(", ");
      console.error(`There is no benchmark "${name}"; known are ${known}`);
      Deno.exit(2);
    }
    const report = await (await load()).run();
    console.log(
      values.json
        ? JSON.stringify(report)
        : [report.name, ...report.lines.map((line) => `  ${line}`)].join("\n"),
    );
  }
}
