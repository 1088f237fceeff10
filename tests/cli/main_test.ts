import { assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { runWith } from "./fake_io.ts";

const KEY = "e4ccd2a3-3425-44b0-8b44-148bd303a0f9";

const HELP = `Usage: em [options] [command]

Experiment tracking: look at runs, run programs, upload, serve and exchange.

Options:
  --version                         show the version
  -h, --help                        show help

Commands:
  ls [options] [path...]            list runs and artifacts
  describe [options] <path>         show all about a run or an artifact
  compare [options] <run...>        show in what runs differ
  tail [options] <run>              show the end of a run's log, and what comes
                                    to it
  plot [options] <run> [metric...]  draw metrics of runs
  ui [options] [dir]                look at runs on this machine in a browser
  exec [options] <command...>       run a program as a run
  upload [options] <path...>        upload runs and artifacts
  sync [options] [dir...]           complete the uploads that other processes
                                    have left
  status [options] [dir...]         show what is not uploaded, and why
  verify [options] <path...>        prove that a server has what is here
  download [options] <path> [dir]   download runs and artifacts
  gc [options] [dir...]             free local runs and artifacts that a server
                                    has
  rm [options] <path...>            delete something on the server, or here
  mv [options] <path> <target>      rename or move something on the server
  mkdir [options] <path>            make a folder on the server
  export [options] <run>            write a run's metrics in another format
  import                            make runs of what other trackers recorded
  serve [options]                   run an AIStore server on this machine
  login [options]                   remember a server and an API key
  logout [options]                  forget the API key
  whoami [options]                  show the user, the server and the context
  context                           list and choose servers
  completions <shell>               print completions for a shell
  help [command]                    show help for a command

Examples:
  em ls
  em ui
  em exec -- python3 train.py
  em serve
  em login --host http://127.0.0.1:5757/t9k/aistore/server --api-key -
  em upload .em/runs
  em sync
  em status
`;

const SERVE_HELP = `Usage: em serve [options] [command]

Runs an AIStore server on this machine, until it is stopped with Ctrl-C or
SIGTERM. The first start makes a user and an API key, and shows the key once.

Options:
  --data <dir>            where everything is kept (default: "em-data")
  --port <number>         TCP port; 0 for any free one (default: 5757)
  --hostname <host>       address to listen on (default: "127.0.0.1")
  --user <name>           name of the user that the first start makes (default:
                          "demo")
  --tls-cert <file>       certificate chain in PEM; speaks HTTPS
  --tls-key <file>        private key of the certificate in PEM
  --public-url <url>      the address that clients use, up to where /t9k begins,
                          behind a reverse proxy
  --trust-proxy           believe the X-Forwarded-… headers of a reverse proxy;
                          only where every request comes through it
  --access-log <file>     append a line of JSON for each request; - for stderr
  --metrics-public        let anybody read /metrics, not only this machine and
                          users
  --durability <kind>     what a success answer survives: full (power loss) or
                          process (a kill) (default: "full")
  --trash-days <days>     how long deleted nodes can be restored; 0 deletes at
                          once (default: 30)
  -h, --help              show help

Commands:
  user                    look after the users of a server
  key                     look after the API keys of a server
  check [options]         verify the data of a server
  backup [options] <dir>  copy the data of a server
  trash                   look after what users deleted

Examples:
  em serve
  em serve --data /srv/em --port 8080
  em serve --hostname 0.0.0.0 --tls-cert cert.pem --tls-key key.pem
  em serve --public-url https://lab.example.org/em --trust-proxy
  em serve user add eve
  em serve key add eve --name laptop --expires 90d
  em serve check
  em serve backup /mnt/backup/em
  em serve trash list
`;

const LOGIN_HELP = `Usage: em login [options]

Logs in to an AIStore server, and remembers address and API key in the t9k
config file (T9K_CONFIG, else ~/.t9k/t9k-config.yaml), which this module, the
Python SDK and the platform's tools share.

Options:
  --host <url>      the server's address
  --api-key <key>   the API key; "-" reads it from stdin (default: EM_API_KEY)
  --context <name>  the file's context to write (default: the current one)
  --no-verify       write the file without asking the server
  -h, --help        show help

The key stays out of the shell's history with "-" or EM_API_KEY.

Examples:
  em login --host http://127.0.0.1:5757/t9k/aistore/server --api-key - < key.txt
  EM_API_KEY=… em login --host https://t9k.example.com/t9k/aistore/server --context prod
`;

const LOGOUT_HELP = `Usage: em logout [options]

Takes the API key out of the t9k config file (T9K_CONFIG, else
~/.t9k/t9k-config.yaml). Everything else in it stays, and so does the key on the
server.

Options:
  --context <name>  the file's context to change (default: the current one)
  -h, --help        show help

Examples:
  em logout
  em logout --context prod
`;

const UPLOAD_HELP = `Usage: em upload [options] <path...>

Uploads runs and artifacts to an AIStore server. What was uploaded before goes
to the same place again, unless the options name another; everything else to the
server that em login remembered. Only what the server does not have yet is sent.

Arguments:
  path                                directories of runs and artifacts, or
                                      parents of such directories

Options:
  --host <url>                        the server's address (default: where it
                                      went before, else the current context's)
  -f, --folder <path>                 the folder on the server, absolute or
                                      below the user's own (default: where it
                                      went before, else default)
  -m, --make-folder                   make the folder if it is missing
  -c, --conflict-strategy <strategy>  what to do when another node has the name:
                                      new (take the longer, unique name), skip,
                                      error or replace (default: as before, else
                                      new)
  -h, --help                          show help

Examples:
  em upload .em/runs
  em upload .em/runs/cnn_mnist_261123_082118_6fauz3 -f cv/mnist -m
  em upload .em/artifacts -c skip
`;

const SYNC_HELP = `Usage: em sync [options] [dir...]

Completes on their servers the runs and artifacts below a directory that were to
be uploaded and are not known to be there whole, each where it was to go. A run
whose process was killed gets the status Error. With --watch it goes on, and
follows what other processes write, until it is stopped with Ctrl-C or SIGTERM.

Arguments:
  dir                                 directories with runs and artifacts, or
                                      single ones (default: .em/runs and
                                      .em/artifacts)

Options:
  -w, --watch                         go on, and follow running and new runs
  -a, --all                           also those that were never to be uploaded,
                                      to the place that the other options name;
                                      and ask the server for those that are
                                      known to be whole
  --host <url>                        the server's address (default: where it
                                      went before, else the current context's)
  -f, --folder <path>                 the folder on the server, absolute or
                                      below the user's own (default: where it
                                      went before, else default)
  -m, --make-folder                   make the folder if it is missing
  -c, --conflict-strategy <strategy>  what to do when another node has the name:
                                      new (take the longer, unique name), skip,
                                      error or replace (default: as before, else
                                      new)
  -h, --help                          show help

Examples:
  em sync
  em sync /data/em/runs --watch
  em sync .em/runs --all -f cv/mnist -m
`;

const EXEC_HELP = `Usage: em exec [options] <command...>

Runs a program, such as a training in Python, as a run: what it prints is shown
and kept in stdout.log, and the files that it writes into $EM_RUN_DIR belong to
the run. SIGINT, SIGTERM and SIGHUP go to the program. The run becomes Complete
if it ends with exit code 0, else Error.

Arguments:
  command                             the program and its arguments

Options:
  -n, --name <name>                   the run's name (default: "default")
  --config <file>                     a YAML file with name, hparams, labels and
                                      so on; the options win
  -p, --hparam <key=value>            a hyperparameter, its value in YAML;
                                      optimizer.lr=0.1 leads into a map; may be
                                      repeated
  -l, --label <label>                 a label; may be repeated
  -d, --description <text>            what the run is about
  -u, --auto-upload                   upload it while it goes on
  -f, --folder <path>                 the folder on the server, absolute or
                                      below the user's own (default: default)
  -m, --make-folder                   make the folder if it is missing
  -c, --conflict-strategy <strategy>  what to do when another node has the name:
                                      new, skip, error or replace (default: new)
  --durability <kind>                 what the records survive: process (a kill)
                                      or power (power loss) (default: process)
  --resume <which>                    go on with a run that was left unfinished:
                                      auto (if there is one), must, or the run
                                      itself
  --no-capture-stderr                 leave stderr out of stdout.log
  --show-metrics                      show the lines that carry metrics, too
  -h, --help                          show help

A line on stdout such as
  EM_METRICS {"type": "train", "step": 1, "epoch": 1, "metrics": {"loss": 0.3}}
is logged and not shown. NaN, Infinity and -Infinity stand there as Python's
json writes them, or in quotes. Of several processes that train together each
adds "rank": 1 and so on, and has curves of its own.

The exit code is the program's, or 128 and the signal that ended it; 127 if
there is no such program, 126 if it cannot be started.

Examples:
  em exec -- python3 train.py --epochs 3
  em exec -n cnn -p lr=0.1 -p optimizer.name=adam -l mnist -- python3 train.py
  em exec --config run.yaml -u -f cv/mnist -m -- sh train.sh
  em exec -n cnn --resume auto -- python3 train.py --from-checkpoint
`;

const UI_HELP = `Usage: em ui [options] [dir]

Shows the runs and artifacts in a directory in a browser, also those that are
running, until it is stopped with Ctrl-C. Nothing is uploaded, and nothing in
the directory is changed.

Arguments:
  dir                .em, a project's directory, a directory of runs, a run or
                     an artifact (default: ".em")

Options:
  --port <number>    TCP port; 0 for any free one (default: 5858 or the next
                     free one)
  --hostname <host>  address to listen on (default: "127.0.0.1")
  --open             open the browser (default: on a terminal with a display)
  --no-open          do not open it
  -h, --help         show help

Examples:
  em ui
  em ui path/to/project
  em ui .em/runs/cnn_mnist_261123_082118_6fauz3
  ssh -L 5858:127.0.0.1:5858 gpu1 em ui project/.em    # on another machine

There is no key: whoever can reach the address can read what is shown. On
127.0.0.1 that is who works on this machine.
`;

Deno.test("em answers --help and --version on stdout, with exit code 0", async () => {
  const { default: { version } } = await import("../../deno.json", {
    with: { type: "json" },
  });
  const table: [string, string][] = [
    ["--help", HELP],
    ["-h", HELP],
    ["help", HELP],
    ["--version", `${version}\n`],
    ["serve --help", SERVE_HELP],
    ["serve -h", SERVE_HELP],
    ["help serve", SERVE_HELP],
    ["login --help", LOGIN_HELP],
    ["logout --help", LOGOUT_HELP],
    ["upload --help", UPLOAD_HELP],
    ["sync --help", SYNC_HELP],
    ["ui --help", UI_HELP],
    ["exec --help", EXEC_HELP],
  ];
  for (const [line, stdout] of table) {
    assertEquals(
      await runWith(line.split(" ")),
      { code: 0, stdout, stderr: "" },
      line,
    );
  }
});

Deno.test("em says what is wrong with a command line in one line, with exit code 2", async () => {
  const host = "http://127.0.0.1:1";
  const table: [string, string][] = [
    ["srve", "unknown command 'srve' (Did you mean serve?)"],
    [
      "ui --port x",
      "option '--port <number>' argument 'x' is invalid. It must be a whole number from 0 to 65535",
    ],
    [
      "ui a b",
      "too many arguments for 'ui'. Expected 1 argument but got 2: a, b.",
    ],
    ["lgoin", "unknown command 'lgoin' (Did you mean login?)"],
    ["xyz", "unknown command 'xyz'"],
    ["--versoin", "unknown option '--versoin' (Did you mean --version?)"],
    ["serve --prot 1", "unknown option '--prot' (Did you mean --port?)"],
    ["serve --port", "option '--port <number>' argument missing"],
    [
      "serve --port x",
      "option '--port <number>' argument 'x' is invalid. It must be a whole number from 0 to 65535",
    ],
    [
      "serve --port 65536",
      "option '--port <number>' argument '65536' is invalid. It must be a whole number from 0 to 65535",
    ],
    [
      "serve --port 1e3",
      "option '--port <number>' argument '1e3' is invalid. It must be a whole number from 0 to 65535",
    ],
    [
      "serve x",
      "too many arguments for 'serve'. Expected 0 arguments but got 1: x.",
    ],
    [
      "serve usr",
      "too many arguments for 'serve'. Expected 0 arguments but got 1: usr. (Did you mean user?)",
    ],
    ["context lst", "unknown command 'lst' (Did you mean list?)"],
    ["gc --dryrun", "unknown option '--dryrun' (Did you mean --dry-run?)"],
    [
      "gc --older-than 30",
      "option '--older-than <age>' argument '30' is invalid. It must be a number of minutes, hours, days or weeks, " +
      "such as 30m, 12h, 90d or 4w",
    ],
    [
      "gc --keep x",
      "option '--keep <number>' argument 'x' is invalid. It must be a whole number",
    ],
    [
      "completions bsh",
      "command-argument value 'bsh' is invalid for argument 'shell'. It must be one of bash, zsh, fish (Did you mean bash?)",
    ],
    ["mv a", "missing required argument 'target'"],
    ["login", "required option '--host <url>' not specified"],
    [
      `login --host ${host}`,
      'no API key is given: pass it with --api-key, on stdin with "--api-key -", or in EM_API_KEY',
    ],
    [
      `login --host example --api-key ${KEY}`,
      'Cannot use host "example": it must be an address such as "https://t9k.example.com/t9k/aistore/server", ' +
      "without a query, a user name or a password",
    ],
    [
      `login --host ${host} --api-key SECRET`,
      "Cannot use the API key: it must be a UUID in lower-case hexadecimal digits, such as " +
      '"00000000-0000-0000-0000-000000000000"',
    ],
    [
      `login --host ${host} ${KEY}`,
      "too many arguments for 'login'. Expected 0 arguments but got 1: ….",
    ],
    [
      `login --host ${host} --apikey=${KEY}`,
      "unknown option '--apikey=…'",
    ],
    ["upload", "missing required argument 'path'"],
    [
      "upload x -c nwe",
      "option '-c, --conflict-strategy <strategy>' argument 'nwe' is invalid. " +
      "It must be one of new, skip, error, replace (Did you mean new?)",
    ],
    [
      "sync -f x",
      "the options that name a place are for what was never to be uploaded: add --all, or use em upload",
    ],
    [
      "upload x --fodler y",
      "unknown option '--fodler' (Did you mean --folder?)",
    ],
  ];
  for (const [line, problem] of table) {
    assertEquals(
      await runWith(line.split(" ")),
      { code: 2, stdout: "", stderr: `em: ${problem}\n` },
      line,
    );
  }
  assertEquals(await runWith([]), { code: 2, stdout: "", stderr: HELP });
});

Deno.test("em says any other failure in one line, with exit code 1", async () => {
  const { code, stdout, stderr } = await runWith([
    "login",
    "--host",
    "http://127.0.0.1:1",
    "--api-key",
    KEY,
  ]);
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(
    stderr,
    'em: No answer from AIStore server "http://127.0.0.1:1": ',
  );
  assertEquals(stderr.split("\n").length, 2);
  assertFalse(stderr.includes(KEY));
});
