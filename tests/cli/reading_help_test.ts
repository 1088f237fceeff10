import { assert, assertEquals } from "@std/assert";
import { basename, join } from "@std/path";
import { startTestServer } from "../support/em_server.ts";
import { putNode, writeRun } from "../support/plain_run.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runEm } from "./em_process.ts";
import { runWith } from "./fake_io.ts";

/** The help of each command. */
const HELP: Readonly<Record<string, string>> = {
  ls: `Usage: em ls [options] [path...]

Lists runs and artifacts, the latest first: those in a directory, or what is in
a folder of the server that em login remembered.

Arguments:
  path                  directories, runs, or folders on the server, absolute or
                        below the user's own (default: .em/runs and
                        .em/artifacts)

Options:
  --host <url>          the server's address; the paths are on it
  --columns <names>     also hyperparameters and last values of metrics, such as
                        lr,optimizer.name,val.accuracy
  --sort <column>       sort by name, type, status, started, duration, or one of
                        --columns (default: started, the latest first)
  -r, --reverse         turn the order around
  --filter <text>       only those with these words in their names, type, status
                        or labels
  -n, --limit <number>  at most so many
  --json                print one JSON document
  -h, --help            show help

Examples:
  em ls
  em ls .em/runs --filter "error cnn" --limit 20
  em ls --columns lr,val.accuracy --sort val.accuracy --reverse
  em ls cv/mnist --json
`,
  describe: `Usage: em describe [options] <path>

Shows status, hyperparameters, metrics, artifacts, uploads, platform and git of
a run; of an artifact what there is. A running run is shown as it is at this
moment.

Arguments:
  path          a directory, or a path on the server, absolute or below the
                user's own folder

Options:
  --host <url>  the server's address; the path is on it
  --detail      also where metrics are least and greatest, all uploads and
                packages
  --json        print one JSON document
  -h, --help    show help

Examples:
  em describe .em/runs/cnn_mnist_261123_082118_6fauz3
  em describe cv/mnist/cnn_mnist --detail
  em describe .em/runs/cnn_mnist_261123_082118_6fauz3 --json
`,
  compare: `Usage: em compare [options] <run...>

Shows in what runs differ: hyperparameters, last values of metrics, platform and
git. What is the same in all of them is counted.

Arguments:
  run           two or more: directories, or paths on the server

Options:
  --host <url>  the server's address; the paths are on it
  --all         also what is the same
  --json        print one JSON document
  -h, --help    show help

Examples:
  em compare .em/runs/cnn_mnist_*
  em compare .em/runs/cnn_mnist_261123_082118_6fauz3 cv/mnist/cnn_mnist --all
`,
  tail: `Usage: em tail [options] <run>

Shows the last lines that a run has printed. With --follow it goes on until the
run has ended, or Ctrl-C.

Arguments:
  run                   a directory, or a path on the server

Options:
  --host <url>          the server's address; the path is on it
  -n, --lines <number>  how many lines (default: 10)
  -f, --follow          go on until the run has ended
  -m, --metrics         also records of metrics
  --rank <number>       what this rank of the run has written
  --json                print a JSON document a line
  -h, --help            show help

Examples:
  em tail .em/runs/cnn_mnist_261123_082118_6fauz3
  em tail .em/runs/cnn_mnist_261123_082118_6fauz3 -f -m
  em tail cv/mnist/cnn_mnist -n 100 --json
`,
  plot: `Usage: em plot [options] <run> [metric...]

Draws metrics over their steps: those that are named in one plot; where none is,
a plot for each name. Lowest and highest values are always seen, however long
the run is.

Arguments:
  run                a directory, or a path on the server
  metric             such as train/loss, or loss for that of every type

Options:
  --host <url>       the server's address; the paths are on it
  --with <run>       also those of this run; can be repeated (default: [])
  --width <number>   characters a line (default: the terminal's, else 80)
  --height <number>  lines (default: 16)
  --log-y            lay values out by their logarithm
  --json             print one JSON document
  -h, --help         show help

Examples:
  em plot .em/runs/cnn_mnist_261123_082118_6fauz3
  em plot .em/runs/cnn_mnist_261123_082118_6fauz3 loss --log-y
  em plot cv/mnist/cnn_a val/accuracy --with cv/mnist/cnn_b --height 20
`,
};

const NAME = "cnn_mnist_261123_082118_6fauz3";

/** The words of a command line, as a shell reads it. */
function wordsOf(line: string, names: readonly string[]): string[] {
  return (line.match(/"[^"]*"|\S+/g) ?? []).flatMap((word) => {
    const text = word.replaceAll('"', "");
    if (!text.endsWith("*")) return [text];
    const start = basename(text).slice(0, -1);
    return names.filter((name) => name.startsWith(start))
      .map((name) => text.replace(/[^/]*$/, name));
  });
}

Deno.test("the commands that read answer --help", async () => {
  for (const [command, stdout] of Object.entries(HELP)) {
    const outcome = await runWith([command, "--help"]);
    assertEquals(outcome, { code: 0, stdout, stderr: "" }, command);
  }
});

Deno.test("em says what is wrong with a command line that reads", async () => {
  const table: [line: string, problem: string][] = [
    ["lst", "unknown command 'lst' (Did you mean ls?)"],
    ["describe", "missing required argument 'path'"],
    [
      "ls -n 0",
      "option '-n, --limit <number>' argument '0' is invalid. It must be a whole number from 1",
    ],
    [
      "ls --sort lr",
      'cannot sort by "lr": it must be one of name, type, status, started, duration',
    ],
    ["compare x", "one run is nothing to compare: name two or more"],
    [
      "tail x --lines many",
      "option '-n, --lines <number>' argument 'many' is invalid. It must be a whole number",
    ],
    ["plot x --hieght 3", "unknown option '--hieght' (Did you mean --height?)"],
  ];
  for (const [line, problem] of table) {
    assertEquals(
      await runWith(line.split(" ")),
      { code: 2, stdout: "", stderr: `em: ${problem}\n` },
      line,
    );
  }
});

Deno.test("every example in the help of the commands that read runs", async () => {
  using dir = tempDir();
  await using server = await startTestServer();
  Deno.mkdirSync(join(dir.path, ".t9k"));
  Deno.writeTextFileSync(
    join(dir.path, ".t9k", "t9k-config.yaml"),
    server.config,
  );
  const parent = join(dir.path, ".em", "runs");
  const held = {
    metadata: { name: "cnn_mnist", labels: ["cnn"], status: "Error" },
    hparams: { lr: 0.1 },
    metrics: { train: { loss: [1, 0.5] }, val: { accuracy: [0.5, 1] } },
    log: "one\ntwo\n",
  } as const;
  Deno.renameSync(writeRun(parent, held), join(parent, NAME));
  const second = basename(writeRun(parent, held));
  for (const name of ["cnn_mnist", "cnn_a", "cnn_b"]) {
    const folder = "/demo/cv/mnist";
    await putNode(server.client, join(parent, NAME), { folder, name });
  }
  const examples: string[] = [];
  for (const help of Object.values(HELP)) {
    const [, text = ""] = help.split("\nExamples:\n");
    examples.push(...text.split("\n").filter(Boolean));
  }
  for (const example of examples) {
    const [em, ...args] = wordsOf(example.trim(), [NAME, second]);
    const { code, stdout, stderr } = await runEm(args, { dir: dir.path });
    assertEquals([em, code], ["em", 0], `${example}: ${stderr}`);
    assert(stdout !== "", example);
  }
});
