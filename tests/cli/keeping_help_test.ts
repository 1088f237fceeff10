import { assert, assertEquals } from "@std/assert";
import { basename, join } from "@std/path";
import { runEm } from "./em_process.ts";
import { runWith } from "./fake_io.ts";
import { keptScene } from "./kept_scene.ts";

/** The help of each command, in the order in which their examples are run. */
const HELP: Readonly<Record<string, string>> = {
  status: `Usage: em status [options] [dir...]

Shows which runs and artifacts on this machine are not known to be whole on a
server, why, since when, and the command that completes each. It goes by what is
noted next to them, asks no server, and changes nothing; em verify asks.

Arguments:
  dir         directories with runs and artifacts, or single ones (default:
              .em/runs and .em/artifacts)

Options:
  -a, --all   also those that are whole
  --json      print one JSON document, of all of them
  -h, --help  show help

Examples:
  em status
  em status --all .em/runs
  em status --json
`,
  verify: `Usage: em verify [options] <path...>

Compares runs and artifacts on this machine with a server, object by object, by
size and MD5, and lists what differs. Every file is read; an object is read back
where its checksum is neither the MD5 nor that of parts, if it is at most 8 MiB,
or with --read. Nothing is changed. The exit code is 0 if the server has all of
them as they are here, and 1 if not.

Arguments:
  path          directories of runs and artifacts, parents of such directories,
                or paths on the server of what is here too

Options:
  --host <url>  the server's address (default: where it was uploaded to last)
  --read        read objects of any size back if need be
  --json        print one JSON document
  -h, --help    show help

Examples:
  em verify .em/runs
  em verify .em/runs/cnn_mnist_261123_082118_6fauz3
  em verify default/cnn_mnist
  em verify .em/artifacts --json
`,
  download: `Usage: em download [options] <path> [dir]

Downloads a run, an artifact, or all of them in a folder and the folders below
it. Size and MD5 of every object are verified; a directory appears when it is
whole. What was interrupted goes on where it stopped, and what is here already
is left as it is.

Arguments:
  path          the path on the server, absolute or below the user's own folder
  dir           the directory in which a directory for each is made (default:
                .em/runs for runs, .em/artifacts for artifacts)

Options:
  --host <url>  the server's address (default: the current context's)
  --artifacts   also the artifacts that the runs used and produced
  --json        print one JSON document
  -h, --help    show help

Examples:
  em download default/cnn_mnist
  em download /demo/cv/mnist copies
  em download default/cnn_mnist --artifacts
`,
  whoami: `Usage: em whoami [options]

Asks the server whose the API key is that em login remembered, and shows the
user, the server and the context of the t9k config file.

Options:
  --host <url>  the server's address (default: the current context's)
  --json        print one JSON document
  -h, --help    show help

Examples:
  em whoami
  em whoami --json
`,
  "context list": `Usage: em context list [options]

Lists the contexts, without their keys.

Options:
  --json      print one JSON document
  -h, --help  show help

Examples:
  em context list
  em context list --json
`,
  "context use": `Usage: em context use [options] <name>

Makes a context the current one, for this package, the Python SDK and the
platform's tools. Everything else in the file stays.

Arguments:
  name        the context, as em context list shows it

Options:
  --json      print one JSON document
  -h, --help  show help

Examples:
  em context use prod
`,
  context: `Usage: em context [options] [command]

Lists and chooses the contexts of the t9k config file (T9K_CONFIG, else
~/.t9k/t9k-config.yaml): each names a server, and holds the API key for it. em
login adds one.

Options:
  -h, --help            show help

Commands:
  list [options]        list the contexts
  use [options] <name>  make a context the current one
  help [command]        show help for a command

Examples:
  em context list
  em context use prod
`,
  completions: `Usage: em completions [options] <shell>

Prints a script that completes commands, options, their values and paths of em
in a shell.

Arguments:
  shell       bash, zsh or fish

Options:
  -h, --help  show help

Examples:
  em completions bash > ~/.local/share/bash-completion/completions/em
  em completions zsh > ~/.zfunc/_em                       # a directory in fpath
  em completions fish > ~/.config/fish/completions/em.fish
`,
  mkdir: `Usage: em mkdir [options] <path>

Makes a folder on the server.

Arguments:
  path           the folder, absolute or below the user's own folder

Options:
  -p, --parents  also the folders above it that are missing; no error if it is
                 there
  --host <url>   the server's address (default: the current context's)
  --json         print one JSON document
  -h, --help     show help

Examples:
  em mkdir cv
  em mkdir -p cv/image-classification/mnist
`,
  mv: `Usage: em mv [options] <path> <target>

Renames or moves a run, an artifact or a folder on the server, with all that is
in it: into the target if that is a folder, else to the target's path. A target
without a folder part stays below the user's own folder. Directories on this
machine stay as they are, and go to the same node as before.

Arguments:
  path          what to move, absolute or below the user's own folder
  target        the folder to move it to, or its new path

Options:
  --host <url>  the server's address (default: the current context's)
  --json        print one JSON document
  -h, --help    show help

Examples:
  em mv default/cnn_mnist default/baseline
  em mv default/baseline cv
`,
  rm: `Usage: em rm [options] <path...>

Deletes runs, artifacts and folders on the server with all that is in them, and
says how long its trash keeps them, where it has one. With --local it removes
directories of runs and artifacts on this machine, for good; em gc removes only
what a server has.

Arguments:
  path          paths on the server; with --local directories

Options:
  --host <url>  the server's address (default: the current context's)
  --local       remove directories on this machine
  -y, --yes     do not ask
  --json        print one JSON document
  -h, --help    show help

Examples:
  em rm cv/baseline
  em rm --yes cv default
  em rm --local .em/runs/cnn_mnist_261123_082118_6fauz3
`,
  gc: `Usage: em gc [options] [dir...]

Removes runs and artifacts from this machine that are over, and that a server is
proven to have whole now, as by em verify. It shows what goes and what stays,
and asks. Nothing is removed that is not proven, that goes on, or that a run
that stays used or produced. What a removal or an import has left that was
killed is removed at once.

Arguments:
  dir                 directories with runs and artifacts, or single ones
                      (default: .em/runs and .em/artifacts)

Options:
  -n, --dry-run       only show what would go
  --older-than <age>  only those that were written to last so long ago, such as
                      12h, 30d or 8w
  --keep <number>     keep so many of the runs, and of the artifacts, that were
                      made last
  --read              read objects of any size back if that proves them
  -y, --yes           do not ask
  --json              print one JSON document
  -h, --help          show help

Examples:
  em gc --dry-run
  em gc --older-than 30d --keep 10
  em gc --yes .em/runs
`,
};

const NAME = "cnn_mnist_261123_082118_6fauz3";

Deno.test("the commands that look after what is where answer --help", async () => {
  for (const [command, stdout] of Object.entries(HELP)) {
    const outcome = await runWith([...command.split(" "), "--help"]);
    assertEquals(outcome, { code: 0, stdout, stderr: "" }, command);
  }
});

Deno.test("every example in the help of the commands that look after what is where runs", async () => {
  await using scene = await keptScene();
  const { server: { client, config }, dir, whole, alone } = scene;
  Deno.removeSync(alone, { recursive: true });
  const prod = config.replace(/[^]*- name: test/, "- name: prod");
  Deno.writeTextFileSync(join(dir, "t9k.yaml"), config + prod);
  const node = await client.node("/demo/default/whole");
  await client.updateNode(node?.id ?? "", { name: "cnn_mnist" });
  const env = { T9K_CONFIG: join(dir, "t9k.yaml") };
  const examples = Object.values(HELP).flatMap((help) =>
    (help.split("\nExamples:\n")[1] ?? "").split("\n").filter(Boolean)
  );
  assert(examples.length > 25);
  for (const example of examples) {
    // What stands behind is the shell's.
    const [line = ""] = example.split(/ +[>#]/);
    const words = line.trim().replaceAll(NAME, basename(whole)).split(" ");
    const [em, command = "", ...rest] = words;
    const asks = (command === "rm" || command === "gc") &&
      !rest.includes("--dry-run");
    const args = [command, ...rest, ...(asks ? ["--yes"] : [])];
    const made = command === "download" && rest.includes("/demo/cv/mnist");
    if (made) await runEm(["mkdir", "-p", "cv/mnist"], { dir, env });
    const { code, stderr } = await runEm(args, { dir, env });
    if (made) await runEm(["rm", "--yes", "cv"], { dir, env });
    assertEquals([em, code], ["em", 0], `${example}: ${stderr}`);
  }
});
