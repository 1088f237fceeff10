import { isSameHost } from "../config/same_host.ts";
import {
  AuthenticationError,
  ConfigError,
  type EmError,
  FolderNotFoundError,
  NodeExistsError,
} from "../errors.ts";
import type { NamedKind } from "../format/names.ts";
import { shownPath } from "../local/shown_path.ts";
import type { Reporter } from "../reporter.ts";
import { noteTrouble } from "./notes/intent.ts";
import { uploadCommand } from "./upload_command.ts";
import type { UploadIntent, UploadReport } from "./types.ts";

/** Which upload {@linkcode sayOutcome} speaks of, and to whom. */
export interface OutcomeContext {
  /** Whether it is a run or an artifact. */
  readonly kind: NamedKind;
  /** Its name. */
  readonly name: string;
  /** Its directory. */
  readonly dir: string;
  /** The server's address. */
  readonly host: string;
  /** Where on the server it was to go. */
  readonly intent: UploadIntent;
  /** Takes the sentence. */
  readonly reporter: Reporter;
}

/**
 * Says what became of an upload: where to look, or what is missing and the command that completes it. Why something is
 * missing is also noted next to the directory, for whoever asks later.
 *
 * @param report The outcome.
 * @param context Which upload, and to whom.
 */
export async function sayOutcome(
  report: UploadReport,
  context: OutcomeContext,
): Promise<void> {
  const { kind, name, dir, host, intent, reporter } = context;
  if (report.state === "pending" || report.state === "refused") {
    noteTrouble(dir, {
      host,
      folder: intent.folder,
      state: report.state,
      reason: reasons(report),
      reporter,
    });
  }
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
        }); nothing is lost, ${await loginAdvice(
          context,
          report.error,
        )}complete it with: ` +
          uploadCommand(dir, context),
      );
      return;
    case "refused":
      reporter.warn(
        `refused at last ${dir}`,
        await refusedSentence(report, context),
      );
  }
}

async function refusedSentence(
  report: UploadReport,
  context: OutcomeContext,
): Promise<string> {
  const { kind, name, dir, host, intent } = context;
  const { error } = report;
  const whole = `it is whole in "${shownPath(dir)}"`;
  if (error === undefined) {
    return `The server refused part of ${kind.toLowerCase()} "${name}" (${
      reasons(report)
    }); ${whole}`;
  }
  const state = report.node === undefined ? "not" : "not whole";
  const advice = await loginAdvice(context, error);
  return `${kind} "${name}" is ${state} on the server (${error.message}); ${whole}, ${advice}upload it with: ` +
    uploadCommand(dir, { host, intent: remedied(intent, error) });
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

/**
 * Says in a few words what is missing.
 *
 * @param report What became of an upload.
 * @returns The reasons, without a full stop.
 */
export function reasons(report: UploadReport): string {
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

/** What has to be done before the command, because it would not find a key, or not one that is good. */
async function loginAdvice(
  { host }: OutcomeContext,
  error: EmError | undefined,
): Promise<string> {
  const login = `with "em login --host ${host} --api-key KEY", then `;
  if (error instanceof AuthenticationError && !error.isDenial) {
    return `log in with a key that is good ${login}`;
  }
  const { loadT9kConfig } = await import("../config/t9k_config.ts");
  try {
    const config = await loadT9kConfig({ host });
    const isKnown = config.apiKey !== undefined &&
      isSameHost(host, config.host);
    if (isKnown || config.missing.length > 0) return "";
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
  }
  return `log in once ${login}`;
}
