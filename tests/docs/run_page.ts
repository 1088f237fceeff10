import { dirname, join } from "@std/path";
import { startTestServer } from "../support/em_server.ts";
import type { Block, Page } from "./page.ts";
import { follow, type Program } from "./program.ts";
import { meetReader, type Reader } from "./reader.ts";

/** What pages are followed with. */
export interface Surroundings {
  /** The registry that has the package. */
  readonly jsr: string;
  /** Deno's cache. */
  readonly cache: string;
  /** There is a `python3`. */
  readonly hasPython: boolean;
}

/** What came of a page. */
export interface Followed {
  /** How many blocks were run, or written as files that others use. */
  readonly ran: number;
  /** The blocks that are excluded, and why. */
  readonly excluded: readonly string[];
  /** The blocks that need what this machine has not. */
  readonly missed: readonly string[];
  /** The TypeScript of the page, by file name. */
  readonly scripts: ReadonlyMap<string, string>;
}

/** The port of `em serve` where none is named. Readers that are many on one machine each get another. */
const DEFAULT_PORT = /\b5757\b/g;

/**
 * Follows a page from its first block to its last, in an empty folder.
 *
 * @throws {Error} If a block does not do what the page says, with its line.
 */
export async function runPage(
  page: Page,
  surroundings: Surroundings,
): Promise<Followed> {
  using reader = meetReader(surroundings.jsr, surroundings.cache);
  await using server = page.isLoggedIn ? await startTestServer() : undefined;
  if (server) {
    Deno.mkdirSync(join(reader.home, ".t9k"));
    Deno.writeTextFileSync(
      join(reader.home, ".t9k/t9k-config.yaml"),
      server.config,
    );
  }
  const port = server ? new URL(server.url).port : freePort();
  const visit = new Visit(reader, port, server?.apiKey);
  try {
    for (const step of stepsOf(page.blocks)) {
      await visit.take(step, surroundings.hasPython);
    }
  } finally {
    await visit.end();
  }
  visit.checkFiles();
  return visit;
}

/** One block, or several that are one script. */
interface Step extends Block {
  /** How many blocks of the page it is made of. */
  readonly count: number;
}

/** Blocks that are one script become one step, at the place of the last of them. */
function stepsOf(blocks: readonly Block[]): Step[] {
  const steps: Step[] = [];
  for (const block of blocks) {
    if (block.fate.kind !== "continues") {
      steps.push({ ...block, count: block.isHidden ? 0 : 1 });
      continue;
    }
    // What is shown of the first part's output is looked for in all of it.
    const shown = steps.splice(
      1 + steps.findLastIndex(({ language }) => language !== "text"),
    );
    const before = steps.pop();
    if (before?.language !== block.language) {
      throw new Error(`line ${block.line}: there is nothing to continue`);
    }
    const { code, count } = before;
    steps.push({ ...before, code: code + block.code, count: count + 1 });
    steps.push(...shown);
  }
  return steps;
}

/** A visit of a page by one reader. */
class Visit implements Followed {
  ran = 0;
  readonly excluded: string[] = [];
  readonly missed: string[] = [];
  readonly scripts = new Map<string, string>();
  readonly #reader: Reader;
  readonly #port: string;
  #apiKey: string | undefined;
  readonly #running: Program[] = [];
  /** Files that no later block has named. */
  readonly #unused = new Set<string>();
  /** What the last block said, stdout alone and all of it; undefined if it was not run. */
  #output: readonly string[] | undefined;

  constructor(reader: Reader, port: string, apiKey: string | undefined) {
    this.#reader = reader;
    this.#port = port;
    this.#apiKey = apiKey;
  }

  /** Takes the next step of the page. */
  async take(step: Step, hasPython: boolean): Promise<void> {
    const { language, line, fate } = step;
    const code = step.code.replaceAll(DEFAULT_PORT, this.#port);
    try {
      if (fate.kind === "no") {
        if (language !== "text") this.#exclude(this.excluded, line, fate.why);
        this.#output = undefined;
      } else if (fate.kind === "file") this.#write(fate.name, code);
      else if (language === "text") this.#compare(code);
      else if (language === "py" && hasPython) await this.#checkPython(code);
      else if (language === "ts" || language === "sh") {
        for (const name of this.#unused) {
          if (code.includes(name)) this.#unused.delete(name);
        }
        // What comes later may need what Python would have made.
        const misses = this.missed.length > 0 || /\bpython3\b/.test(code);
        if (!hasPython && misses) {
          this.#exclude(this.missed, line, "NO PYTHON");
          this.#output = undefined;
        } else await this.#run({ ...step, code });
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`line ${line}: ${why}\n--- the block\n${code}`, {
        cause: error,
      });
    }
  }

  #exclude(list: string[], line: number, why: string): void {
    list.push(`line ${line}: ${why}`);
  }

  #write(name: string, code: string): void {
    const path = join(this.#reader.dir, name);
    Deno.mkdirSync(dirname(path), { recursive: true });
    Deno.writeTextFileSync(path, code);
    if (name.endsWith(".ts")) this.scripts.set(name, code);
    // What lies in a folder is used with the folder.
    this.#unused.add(name.split("/")[0] ?? name);
    this.ran++;
  }

  async #run({ language, code, line, fate, count }: Step): Promise<void> {
    this.ran += count;
    const program = language === "ts"
      ? this.#startScript(`block_${line}.ts`, code)
      : this.#startShell(code, fate.kind === "run");
    if (fate.kind === "background" || fate.kind === "seen") {
      this.#running.push(program);
      await program.ready(fate.until);
      const [, key] = /^API key: (\S+)/m.exec(program.said()) ?? [];
      this.#apiKey = key ?? this.#apiKey;
      if (fate.kind === "seen") await this.#interrupt();
    } else {
      const code = await program.ended();
      const wanted = fate.kind === "run" ? fate.exitCode : 0;
      if (code !== wanted) {
        throw new Error(
          `it ended with ${code}, not ${wanted}:\n${program.said()}`,
        );
      }
    }
    this.#output = [program.printed(), program.said()];
  }

  #startScript(name: string, code: string): Program {
    this.scripts.set(name, code);
    Deno.writeTextFileSync(join(this.#reader.dir, name), code);
    const args = ["run", "-A", "--no-check", name];
    return follow(this.#reader.spawn("deno", args));
  }

  #startShell(code: string, isWhole: boolean): Program {
    if (isWhole) {
      const input = `${this.#apiKey ?? ""}\n`;
      return follow(this.#reader.spawn("sh", ["-ec", code], input));
    }
    // One command, which gets the signal itself.
    const [command = "", ...more] = code.split("\n")
      .map((line) => line.replace(/(^| +)#.*$/, "")).filter(Boolean);
    if (more.length > 0) throw new Error("only one command can be ended");
    const serve = /\bserve\b/.test(command) && !/--port/.test(command);
    const port = serve ? ` --port ${this.#port}` : "";
    return follow(this.#reader.spawn("sh", ["-c", `exec ${command}${port}`]));
  }

  /** Python that is only shown, because it needs what is not there, is Python at least. */
  async #checkPython(code: string): Promise<void> {
    const check = "import ast, sys; ast.parse(sys.stdin.read())";
    const args = ["-c", check];
    const program = follow(this.#reader.spawn("python3", args, code));
    if (await program.ended() !== 0) throw new Error(program.said());
  }

  /** What stands below a block is what it says; "…" stands for anything. */
  #compare(expected: string): void {
    if (this.#output === undefined) return;
    const pattern = expected.trimEnd().split("\n").map((line) =>
      line.trim() === "…" ? "[^]*?" : line.trimEnd().split("…")
        .map((part) => RegExp.escape(part)).join(".*?") + "[ \\t]*"
    ).join("\\n");
    if (!this.#output.some((said) => new RegExp(pattern).test(said))) {
      throw new Error(`the block before it says:\n${this.#output[1]}`);
    }
  }

  async #interrupt(): Promise<void> {
    const program = this.#running.pop();
    const code = await program?.interrupt();
    // A program that keeps to the rules of shells ends with 130.
    if (code !== undefined && code !== 0 && code !== 130) {
      throw new Error(`Ctrl-C ended it with ${code}:\n${program?.said()}`);
    }
  }

  /** Ends what is still running, the last first. */
  async end(): Promise<void> {
    while (this.#running.length > 0) await this.#interrupt();
  }

  /** @throws {Error} If a file was written in vain. */
  checkFiles(): void {
    if (this.#unused.size > 0) {
      throw new Error(`no block uses ${[...this.#unused].join(", ")}`);
    }
  }
}

function freePort(): string {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return String(port);
}
