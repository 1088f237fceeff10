/** What is to become of one fenced block of a page. */
export type Fate =
  /** It is run, and must end with this exit code. */
  | { readonly kind: "run"; readonly exitCode: number }
  /** The rest of the script that the block before began. */
  | { readonly kind: "continues" }
  /** It is started and goes on to the end of the page, or, if it is only to be `seen`, is ended as soon as it is ready. */
  | {
    readonly kind: "background" | "seen";
    /** What it says when it is ready; without it, whatever it says first. */
    readonly until: string | undefined;
  }
  /** It is written into the page's folder under this name. */
  | { readonly kind: "file"; readonly name: string }
  /** It is not run. */
  | { readonly kind: "no"; readonly why: string };

/** One fenced block of code. */
export interface Block {
  /** The word after the fence, such as `ts`. */
  readonly language: string;
  /** What it holds, with a line end at the end. */
  readonly code: string;
  /** The line that the fence is in, from 1 on. */
  readonly line: number;
  /** What is to become of it. */
  readonly fate: Fate;
  /** A reader does not see it: it stands in a comment and prepares what the page takes for granted. */
  readonly isHidden: boolean;
}

/** A page of documentation. */
export interface Page {
  /** Its blocks, in their order. */
  readonly blocks: readonly Block[];
  /** Its reader has a server and is logged in to it. */
  readonly isLoggedIn: boolean;
}

const FENCE =
  /^(?<indent> *)```(?<language>\w+)[^\n]*\n(?<code>[^]*?)^ *```$|^<!-- (?<comment>[^]*?)-->$/gm;

/**
 * Reads the blocks of a page, and what the comments before them say of them:
 *
 * - `<!-- page: logged in -->` anywhere: there is a server, and `login()` finds it
 * - `<!-- page: not run, why -->` at the top: no block is run that has no mark of its own
 * - `<!-- run: continues -->`: the block and the one before are one script
 * - `<!-- run: exit 1 -->`: it ends with that exit code
 * - `<!-- run: background until "text" -->`: goes on to the end of the page
 * - `<!-- run: seen until "text" -->`: is ended as soon as it is ready
 * - `<!-- run: no, why -->`: is not run
 * - `<!-- file: name -->`: becomes a file of the page's folder
 * - `<!-- setup` and lines up to `-->`: a shell script that no reader sees; `$FIXTURES` is `tests/fixtures`
 *
 * @param text The page, in Markdown.
 * @throws {Error} If a comment says what is not known.
 */
export function readPage(text: string): Page {
  const blocks: Block[] = [];
  let isLoggedIn = false;
  let mark: { readonly fate: Fate; readonly end: number } | undefined;
  let usual: Fate = { kind: "run", exitCode: 0 };
  for (const match of text.matchAll(FENCE)) {
    const { comment, language = "", code = "", indent = "" } = match.groups ??
      {};
    const line = text.slice(0, match.index).split("\n").length;
    const end = match.index + match[0].length;
    if (comment === undefined) {
      const marked = mark && text.slice(mark.end, match.index).trim() === "";
      const fate: Fate = marked && mark ? mark.fate : usual;
      const lines = code.replaceAll(new RegExp(`^${indent}`, "gm"), "");
      blocks.push({ language, code: lines, line, fate, isHidden: false });
      if (marked) mark = undefined;
    } else if (comment.trim() === "page: logged in") isLoggedIn = true;
    else if (comment.startsWith("page: not run, ")) {
      usual = readFate(
        comment.trim().replace("page: not run", "run: no"),
        line,
      );
    } else if (comment.startsWith("setup\n")) {
      const fate: Fate = { kind: "run", exitCode: 0 };
      const code = comment.slice("setup\n".length);
      blocks.push({ language: "sh", code, line, fate, isHidden: true });
    } else if (/^(?:run|file|page):/.test(comment)) {
      if (mark) {
        throw new Error(`line ${line}: the mark before it has no block`);
      }
      mark = { fate: readFate(comment.trim(), line), end };
    }
  }
  if (mark) throw new Error("the last mark has no block");
  return { blocks, isLoggedIn };
}

function readFate(mark: string, line: number): Fate {
  const [, file] = /^file: (\S+)$/.exec(mark) ?? [];
  if (file !== undefined) return { kind: "file", name: file };
  if (mark === "run: continues") return { kind: "continues" };
  const [, why] = /^run: no, ([^]+)$/.exec(mark) ?? [];
  if (why !== undefined) {
    return { kind: "no", why: why.replaceAll(/\s+/g, " ") };
  }
  const [, exit] = /^run: exit (\d+)$/.exec(mark) ?? [];
  if (exit !== undefined) return { kind: "run", exitCode: Number(exit) };
  const [, kind, until] =
    /^run: (background|seen)(?: until "([^"]+)")?$/.exec(mark) ?? [];
  if (kind === "background" || kind === "seen") return { kind, until };
  throw new Error(`line ${line}: the mark "${mark}" is not known`);
}
