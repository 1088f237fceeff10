import { readEnv } from "../local/permissions.ts";

/** Where a browser would be opened. */
export interface Desk {
  /** The operating system. Default: this one. */
  readonly os?: typeof Deno.build.os;
  /** Whether somebody sits at a terminal. Default: whether stdout is one. */
  readonly isTerminal?: boolean;
  /** Reads an environment variable, as far as that is allowed. */
  readonly env?: (name: string) => string | undefined;
}

/**
 * Whether a browser may be opened unasked: at a terminal, on a machine with a display that is not elsewhere.
 *
 * @param desk Where that would be.
 * @returns Whether it is so; not if it cannot be known.
 */
export function mayOpenBrowser(desk: Desk = {}): boolean {
  const { os = Deno.build.os, env = readEnv } = desk;
  const { isTerminal = Deno.stdout.isTerminal() } = desk;
  if (!isTerminal || env("SSH_CONNECTION") !== undefined) return false;
  if (os === "darwin" || os === "windows") return true;
  return (env("DISPLAY") ?? env("WAYLAND_DISPLAY")) !== undefined;
}

/**
 * The command that opens a page in the browser that people have chosen.
 *
 * @param url The page, of which nothing means anything to a shell.
 * @param os The operating system. Default: this one.
 * @returns The command and its arguments.
 */
export function browserCommand(
  url: string,
  os: typeof Deno.build.os = Deno.build.os,
): readonly [string, ...string[]] {
  if (os === "darwin") return ["open", url];
  if (os === "windows") return ["explorer", url];
  return ["xdg-open", url];
}
