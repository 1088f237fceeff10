/** How the examples of the help texts are run in a scene of `em_scene.ts`, one after the other. */

/** How an example is run. */
export interface ExampleScene {
  /** What is done before, in the same shell. */
  readonly before?: string;
  /** What a person would add: where to read from, an answer, or a free port. */
  readonly added?: string;
  /** The directory that it runs in. Default: the scene's own. */
  readonly cwd?: string;
  /** The text on stdout that shows that it is ready; then it is stopped. Default: it ends by itself. */
  readonly stopAt?: string;
}

const RUN = ".em/runs/cnn_mnist_261123_082118_6fauz3";

/** Uploads the run to where examples expect it. */
const put = (folder: string) => `em upload ${RUN} -m -f ${folder}`;

const KEEP = "cp -r .em kept";
const BRING_BACK = "rm -rf .em && mv kept .em";

/** A server that begins where nothing is, and one that goes on there. */
const serving = {
  cwd: "machine",
  added: "--port 0",
  stopAt: "Data in",
} as const;

/** What stands in an example, and what stands for it in the scene. */
export const STANDS_FOR: readonly (readonly [string, string])[] = [
  ["http://127.0.0.1:5757/t9k/aistore/server", "$URL"],
  ["https://t9k.example.com/t9k/aistore/server", "$URL"],
  ["EM_API_KEY=…", "EM_API_KEY=$KEY"],
  [" /srv/em", " $HOME/srv/em"],
  [" /mnt/backup/em", " $HOME/mnt/backup/em"],
  [" /data/em/runs", " $HOME/data/em/runs"],
  ["--port 8080", "--port 0"],
  ["0.0.0.0", "127.0.0.1"],
  [
    "0b54e4b2-3425-44b0-8b44-148bd303a0f9",
    "$(em serve trash list | head -n 1 | cut -d ' ' -f 1)",
  ],
];

/** Every example, in the order in which they are run. */
export const EXAMPLES: Readonly<Record<string, ExampleScene>> = {
  "em ls": {},
  'em ls .em/runs --filter "error cnn" --limit 20': {},
  "em ls --columns lr,val.accuracy --sort val.accuracy --reverse": {},
  "em ls cv/mnist --json": {},
  [`em describe ${RUN}`]: {},
  "em describe cv/mnist/cnn_mnist --detail": {},
  [`em describe ${RUN} --json`]: {},
  "em compare .em/runs/cnn_mnist_*": {},
  [`em compare ${RUN} cv/mnist/cnn_mnist --all`]: {},
  [`em tail ${RUN}`]: {},
  [`em tail ${RUN} -f -m`]: {},
  "em tail cv/mnist/cnn_mnist -n 100 --json": {},
  [`em plot ${RUN}`]: {},
  [`em plot ${RUN} loss --log-y`]: {},
  "em plot cv/mnist/cnn_a val/accuracy --with cv/mnist/cnn_b --height 20": {},
  "em plot cv/mnist/cnn_a val/accuracy --with cv/mnist/cnn_b --x relative": {},
  "em ui": { stopAt: "Open " },
  "em ui path/to/project": {
    before: "mkdir -p path/to/project/.em/runs",
    stopAt: "Open ",
  },
  "em ui --no-open --json": { stopAt: '"url"' },
  [`em ui ${RUN}`]: { stopAt: "Open " },
  "ssh -L 5858:127.0.0.1:5858 gpu1 em ui project/.em": {
    before: "mkdir -p project/.em/runs",
    stopAt: "Open ",
  },
  "em download /demo/cv/mnist copies": {},
  "em exec -- python3 train.py": {},
  "em exec -- python3 train.py --epochs 3": {},
  "em exec -n cnn -p lr=0.1 -p optimizer.name=adam -l mnist -- python3 train.py":
    {},
  "em exec --config run.yaml -u -f cv/mnist -m -- sh train.sh": {},
  "em exec -n cnn --resume auto -- python3 train.py --from-checkpoint": {},
  "em upload .em/runs": {},
  [`em upload ${RUN} -f cv/mnist -m`]: {},
  "em upload .em/artifacts -c skip": {},
  "em sync": {},
  "em sync /data/em/runs --watch": { stopAt: "Watching" },
  "em sync .em/runs --all -f cv/mnist -m": {},
  "em sync --watch --json": { stopAt: '"watch"' },
  "em status": {},
  "em status --all .em/runs": {},
  "em status --json": {},
  "em verify .em/runs": {},
  [`em verify ${RUN}`]: {},
  "em verify default/cnn_mnist": { before: put("default") },
  "em verify .em/artifacts --json": {},
  "em download default/cnn_mnist": {},
  "em download default/cnn_mnist --artifacts": {},
  "em gc --dry-run": {},
  "em gc --older-than 30d --keep 10": {},
  "em gc --yes .em/runs": { before: KEEP },
  "em rm cv/baseline": {
    before: `${BRING_BACK}; em mkdir cv/baseline`,
    added: "--yes",
  },
  "em rm --yes cv default": {},
  [`em rm --local ${RUN}`]: { before: KEEP, added: "--yes" },
  "em mv default/cnn_mnist default/baseline": {
    before: `${BRING_BACK}; ${put("default")}`,
  },
  "em mkdir cv": {},
  "em mv default/baseline cv": {},
  "em mkdir -p cv/image-classification/mnist": {},
  [`em export ${RUN} --to csv > metrics.csv`]: {},
  [`em export ${RUN} --to csv --wide`]: {},
  [`em export ${RUN} --to parquet -o m.parquet`]: {},
  [`em export ${RUN} --to tensorboard -o logs`]: { before: "rm -r logs" },
  "em export cv/mnist/cnn_mnist --to jsonl | head": { before: put("cv/mnist") },
  "em import tensorboard logs": {},
  "em import tensorboard logs --into .em/runs --json": {},
  "em import wandb-offline wandb": {},
  "em import mlflow mlruns": {},
  "em import mlflow mlflow.db": {},
  "em serve": serving,
  "em serve --data /srv/em --port 8080": { stopAt: "Data in" },
  "em serve --hostname 0.0.0.0 --tls-cert cert.pem --tls-key key.pem": {
    ...serving,
    before: "cp ../cert.pem ../key.pem .",
  },
  "em serve --port 0 --json": { cwd: "machine", stopAt: '"url"' },
  "em serve --public-url https://lab.example.org/em --trust-proxy": serving,
  "em serve user add eve": {},
  "em serve user add bob --data /srv/em --json": {},
  "em serve user list": {},
  "em serve user list --json": {},
  "em serve key add eve": {},
  "em serve key add eve --name laptop --expires 90d": {},
  "em serve key list": {},
  "em serve key list eve": {},
  "em serve key list eve --json": {},
  "em serve key revoke eve laptop": {},
  "em serve user remove eve --yes": {},
  "em serve check": {},
  "em serve check --deep --json": {},
  "em serve check --repair": { cwd: "machine" },
  "em serve backup /mnt/backup/em": {},
  "em serve backup /mnt/backup/em --data /srv/em --deep": {
    before: "rm -r mnt/backup/em",
  },
  "em serve trash list": {},
  "em serve trash list --user eve --json": {},
  "em serve trash restore 0b54e4b2-3425-44b0-8b44-148bd303a0f9": {
    before: "em mkdir gone && em rm --yes gone",
  },
  "em serve trash empty --yes": {},
  "em serve trash empty --yes --user eve": {},
  "em logout": {},
  "em logout --context prod": {},
  "em login --host http://127.0.0.1:5757/t9k/aistore/server --api-key -": {
    added: "< key.txt",
  },
  "em login --host http://127.0.0.1:5757/t9k/aistore/server --api-key - < key.txt":
    {},
  "EM_API_KEY=… em login --host https://t9k.example.com/t9k/aistore/server --context prod":
    {},
  "em whoami": {},
  "em whoami --json": {},
  "em context list": {},
  "em context list --json": {},
  "em context use prod": {},
  "em completions bash > ~/.local/share/bash-completion/completions/em": {
    before: "mkdir -p .local/share/bash-completion/completions",
  },
  "em completions zsh > ~/.zfunc/_em": {},
  "em completions fish > ~/.config/fish/completions/em.fish": {
    before: "mkdir -p .config/fish/completions",
  },
};
