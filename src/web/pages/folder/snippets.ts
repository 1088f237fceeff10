/**
 * How runs come into a folder, as code.
 *
 * @module
 */

/** A way for runs into a folder. */
export type Snippet = "deno" | "python" | "shell";

/** The ways, in the order in which they are shown. */
export const SNIPPETS: readonly Snippet[] = ["deno", "python", "shell"];

/** Where runs are to go. */
export interface Target {
  /** The server's address, as `login` takes it. */
  readonly host: string;
  /** The folder below the user's own. */
  readonly folder: string;
}

/** Code that puts a run into a folder. */
export function snippetOf(
  kind: Snippet,
  { host, folder }: Target,
): string {
  const target = JSON.stringify(folder);
  switch (kind) {
    case "deno":
      return `import { createRun, login } from "jsr:@t9k/em";

await login({ host: ${JSON.stringify(host)}, apiKey: "…" });
const run = await createRun({
  name: "first",
  hparams: { learning_rate: 0.001 },
  autoUpload: true,
  folder: ${target},
  makeFolder: true,
});
run.log("train", { loss: 0.31 }, { step: 1 });
await run.finish();`;
    case "python":
      return `from t9k import em

em.login(ais_host=${JSON.stringify(host)}, api_key="…")
run = em.create_run(
    name="first",
    hparams={"learning_rate": 0.001},
    auto_upload=True,
    folder=${target},
    make_folder=True,
)
run.log(type="train", metrics={"loss": 0.31}, step=1)
run.finish()`;
    case "shell":
      return `deno run -A jsr:@t9k/em/cli login --host ${
        quoted(host)
      } --api-key -
deno run -A jsr:@t9k/em/cli upload .em/runs/NAME --folder ${
        quoted(folder)
      } --make-folder`;
  }
}

/** A text as one word of a shell. */
function quoted(text: string): string {
  return /^[\w./:@-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", "'\\''")}'`;
}
