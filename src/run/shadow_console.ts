/** The console methods that print, or that decide how others print. */
export const CONSOLE_METHODS = [
  "log",
  "info",
  "debug",
  "dir",
  "dirxml",
  "table",
  "count",
  "countReset",
  "time",
  "timeLog",
  "timeEnd",
  "group",
  "groupCollapsed",
  "groupEnd",
] as const;

/** The part of a console that capturing uses. */
export type ShadowConsole = Pick<Console, typeof CONSOLE_METHODS[number]>;

type Print = (text: string, level: number) => void;

/** Deno prints what has a level above this to stderr. */
const STDOUT_LEVEL = 1;

/**
 * Makes a console that formats exactly as Deno's own does, and hands over what would go to stdout.
 *
 * Deno has no public way to see what `console.log` prints, so this uses Deno's own console class where the runtime
 * shows it. Where it does not, `log`, `info` and `debug` are formatted with `Deno.inspect` and the rest is left out.
 *
 * @param onStdout Takes what would be printed.
 * @returns The console.
 */
export function createShadowConsole(
  onStdout: (text: string) => void,
): Partial<ShadowConsole> {
  const ConsoleClass = denoConsoleClass();
  if (ConsoleClass !== undefined) {
    return new ConsoleClass((text, level) => {
      if (level <= STDOUT_LEVEL) onStdout(text);
    });
  }
  const print = (...args: unknown[]) =>
    onStdout(
      args.map((arg) => typeof arg === "string" ? arg : Deno.inspect(arg)).join(
        " ",
      ) + "\n",
    );
  return { log: print, info: print, debug: print };
}

function denoConsoleClass(): (new (print: Print) => ShadowConsole) | undefined {
  const key = (Deno as { internal?: symbol }).internal;
  if (key === undefined) return undefined;
  const internals = (Deno as unknown as Record<
    symbol,
    { Console?: new (print: Print) => ShadowConsole } | undefined
  >)[key];
  return internals?.Console;
}
