import {
  type EmError,
  FolderNotFoundError,
  NodeExistsError,
} from "../errors.ts";
import type { NamedKind } from "../format/names.ts";
import { shownPath } from "../local/shown_path.ts";
import type { Reporter } from "../reporter.ts";
import type { UploadIntent, UploadReport } from "./types.ts";

/** Which upload {@linkcode sayOutcome} speaks of, and to whom. */
export interface OutcomeContext {
  /** Whether it is a run or an artifact. */
  readonly kind: NamedKind;
  /** Its name. */
  readonly name: string;
  /** Its directory. */
  readonly dir: string;
  /** Where it was to go. */
  readonly intent: UploadIntent;
  /** Takes the sentence. */
  readonly reporter: Reporter;
}

/**
 * Says what became of an upload: where to look, or what is missing and the command that completes it.
 *
 * @param report The outcome.
 * @param context Which upload, and to whom.
 */
export function sayOutcome(
  report: UploadReport,
  context: OutcomeContext,
): void {
  const { kind, name, dir, intent, reporter } = context;
  switch (report.state) {
    case "complete":
      reporter.info(
        `${kind} "${name}" is on the server: ${
          report.webUrl ?? report.node?.path
        }`,
      );
      return;
    case "skipped":
      reporter.info(
        `${kind} "${name}" was not uploaded: the folder has a node of that name, and the strategy is "skip"`,
      );
      return;
    case "pending":
      reporter.warn(
        `pending ${dir}`,
        `${kind} "${name}" is not whole on the server yet (${
          reasons(report)
        }); nothing is lost, complete it with: ` +
          uploadCommand(dir, intent),
      );
      return;
    case "refused":
      reporter.warn(`refused at last ${dir}`, refusedSentence(report, context));
  }
}

function refusedSentence(
  report: UploadReport,
  { kind, name, dir, intent }: OutcomeContext,
): string {
  const { error } = report;
  const whole = `it is whole in "${shownPath(dir)}"`;
  if (error === undefined) {
    return `The server refused part of ${kind.toLowerCase()} "${name}" (${
      reasons(report)
    }); ${whole}`;
  }
  const state = report.node === undefined ? "not" : "not whole";
  return `${kind} "${name}" is ${state} on the server (${error.message}); ${whole}, upload it with: ` +
    uploadCommand(dir, remedied(intent, error));
}

/** The intent with which an upload succeeds that was refused, where that is in its power. */
function remedied(intent: UploadIntent, error: EmError): UploadIntent {
  if (error instanceof FolderNotFoundError) {
    return { ...intent, makeFolder: true };
  }
  if (error instanceof NodeExistsError && intent.conflictStrategy === "error") {
    return { ...intent, conflictStrategy: "new" };
  }
  return intent;
}

/**
 * Says that the server has refused a run after `createRun` had returned, and what is to be done.
 *
 * @param run The run's name and directory.
 * @param error Why.
 * @returns The sentence.
 */
export function lateRefusal(
  run: { readonly name: string; readonly local: string },
  error: Error,
): string {
  return `Run "${run.name}" is not uploaded while it goes on (${error.message}); ` +
    `it is recorded in "${
      shownPath(run.local)
    }", and finish() says how to upload it`;
}

const SHOWN_FILES = 3;

function reasons(report: UploadReport): string {
  if (report.error !== undefined) return report.error.message;
  const files = [...report.refused, ...report.pending];
  const first = files.slice(0, SHOWN_FILES).map(({ path, reason }) =>
    `${path}: ${reason}`
  );
  const more = files.length > SHOWN_FILES
    ? [`and ${files.length - SHOWN_FILES} more`]
    : [];
  return [...first, ...more].join("; ") || "no answer in time";
}

function uploadCommand(dir: string, intent: UploadIntent): string {
  const { folder, makeFolder, conflictStrategy } = intent;
  return [
    "deno run -A jsr:@t9k/em/cli upload",
    shellWord(shownPath(dir)),
    ...(folder === "default" ? [] : ["--folder", shellWord(folder)]),
    ...(makeFolder ? ["--make-folder"] : []),
    ...(conflictStrategy === "new"
      ? []
      : ["--conflict-strategy", conflictStrategy]),
  ].join(" ");
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
