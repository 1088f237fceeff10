import { relative } from "@std/path";
import { resolveTarget } from "../aistore/session.ts";
import {
  type EmError,
  FolderNotFoundError,
  NodeExistsError,
} from "../errors.ts";
import type { RunMetadata } from "../format/metadata.ts";
import type { Reporter } from "../reporter.ts";
import { deliverOnce } from "../upload/deliver_once.ts";
import type {
  PlacedNode,
  UploadIntent,
  UploadReport,
} from "../upload/types.ts";
import type { UploadOptions } from "./create_run_options.ts";
import { resolveUploadOptions } from "./resolve_options.ts";

/** A run directory that is to be uploaded, and who may write its documents. */
export interface UploadSource {
  /** The run directory. */
  readonly dir: string;
  /** The run's metadata. */
  readonly metadata: RunMetadata;
  /** Writes the upload record into the metadata, before any object is sent. */
  readonly recordUpload: (node: PlacedNode) => void;
  /** Told what is worth knowing. */
  readonly reporter: Reporter;
}

/** Options of {@linkcode uploadRun}. */
export interface UploadRunOptions extends UploadOptions {
  /** How long the upload may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the upload when it is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Uploads a run directory once, as it is now.
 *
 * @param source The directory.
 * @param options Where to.
 * @returns What arrived.
 * @throws {EmError} If no server is known, or it refuses the run as a whole.
 */
export async function uploadRun(
  source: UploadSource,
  options: UploadRunOptions,
): Promise<UploadReport> {
  const { dir, metadata, reporter } = source;
  const intent = resolveUploadOptions(options);
  const target = await resolveTarget();
  const { name, alternativeName, labels, description } = metadata;
  const report = await deliverOnce({
    dir,
    node: { type: "Run", name, alternativeName, labels, description },
    target,
    intent,
    reporter,
    timeoutMs: options.timeoutMs,
    onPlaced: source.recordUpload,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (
    report.state === "refused" && report.node === undefined &&
    report.error !== undefined
  ) throw report.error;
  sayOutcome(report, { name, dir, intent, reporter });
  return report;
}

/** Which upload {@linkcode sayOutcome} speaks of, and to whom. */
export interface OutcomeContext {
  /** The run's name. */
  readonly name: string;
  /** The run directory. */
  readonly dir: string;
  /** Where the run was to go. */
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
  const { name, dir, intent, reporter } = context;
  switch (report.state) {
    case "complete":
      reporter.info(
        `Run "${name}" is on the server: ${report.webUrl ?? report.node?.path}`,
      );
      return;
    case "skipped":
      reporter.info(
        `Run "${name}" was not uploaded: the folder has a node of that name, and the strategy is "skip"`,
      );
      return;
    case "pending":
      reporter.warn(
        `pending ${dir}`,
        `Run "${name}" is not whole on the server yet (${
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
  { name, dir, intent }: OutcomeContext,
): string {
  const { error } = report;
  const whole = `it is whole in "${shownPath(dir)}"`;
  if (error === undefined) {
    return `The server refused part of run "${name}" (${
      reasons(report)
    }); ${whole}`;
  }
  const state = report.node === undefined ? "not" : "not whole";
  return `Run "${name}" is ${state} on the server (${error.message}); ${whole}, upload it with: ` +
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

/** A path as a person would write it: relative, unless that leads up. */
function shownPath(path: string): string {
  const shown = relative(Deno.cwd(), path);
  return shown.startsWith("..") ? path : shown;
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
