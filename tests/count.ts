/** How many parts of a suite passed, and how many failed. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
}

/**
 * The counts in the closing line of `deno test`. A run that ended badly for
 * another reason than a failed test (a type error, a crash), a test that was
 * not run and a run without any test each count as one failure.
 */
export function countTests(output: string, exitCode: number): Count {
  const line = output.match(closingLine)?.at(-1);
  if (line === undefined) return { passed: 0, failed: 1 };
  const passed = numberBefore(line, "passed");
  const failed = numberBefore(line, "failed") + numberBefore(line, "ignored");
  if (failed > 0) return { passed, failed };
  return { passed, failed: exitCode !== 0 || passed === 0 ? 1 : 0 };
}

const closingLine = /^(?:ok|FAILED) \| \d+ passed .*$/gm;

function numberBefore(line: string, word: string): number {
  return Number(new RegExp(`\\| (\\d+) ${word}\\b`).exec(line)?.[1] ?? 0);
}
