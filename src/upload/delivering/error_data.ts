import * as errors from "../../errors.ts";
import type { UploadReport } from "../types.ts";

/** An {@linkcode errors.EmError} in a form that can be sent between threads. */
export interface ErrorData {
  /** The class's name. */
  readonly name: string;
  /** The kind of trouble. */
  readonly code: errors.EmErrorCode;
  /** The sentence. */
  readonly message: string;
  /** The other fields. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A report in a form that can be sent between threads. */
export interface ReportData extends Omit<UploadReport, "error"> {
  /** What stands in the way of the whole delivery. */
  readonly error?: ErrorData;
}

/**
 * Takes an error apart. Its cause is left behind.
 *
 * @param error The error.
 * @returns What {@linkcode toError} needs.
 */
export function toErrorData(error: errors.EmError): ErrorData {
  const { name, code, message, cause: _cause, stack: _stack, ...fields } =
    error;
  return { name, code, message, fields: { ...fields } };
}

/**
 * Puts an error together again.
 *
 * @param data Its parts.
 * @returns The error, an instance of its class.
 */
export function toError(data: ErrorData): errors.EmError {
  const error = new errors.EmError(data.code, data.message);
  const known: unknown = (errors as Record<string, unknown>)[data.name];
  if (typeof known === "function") {
    Object.setPrototypeOf(error, known.prototype);
  }
  return Object.assign(error, data.fields, { name: data.name });
}

/**
 * Takes a report apart.
 *
 * @param report The report.
 * @returns What {@linkcode toReport} needs.
 */
export function toReportData(report: UploadReport): ReportData {
  const { error, ...rest } = report;
  return error === undefined ? rest : { ...rest, error: toErrorData(error) };
}

/**
 * Puts a report together again.
 *
 * @param data Its parts.
 * @returns The report.
 */
export function toReport(data: ReportData): UploadReport {
  const { error, ...rest } = data;
  return error === undefined ? rest : { ...rest, error: toError(error) };
}
