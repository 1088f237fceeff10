import { defineOwn } from "./define_own.ts";
import {
  countLines,
  endsLine,
  findFirstItem,
  findGluedItem,
  findItemEnd,
  isItemStart,
} from "./metric_bounds.ts";
import {
  type MetricFlaw,
  type MetricItem,
  readItem,
  readList,
} from "./metric_item.ts";
import type { MetricRecord } from "./metric_record.ts";
import { MetricScanner } from "./metric_scanner.ts";

/** What is wrong with a metrics file. */
export interface MetricsProblem {
  /** The first line of the item that cannot be read, or the line in it that is to blame, counted from 1. */
  readonly line: number;
  /** What is wrong. */
  readonly message: string;
  /** Whether it is the last item, cut off as a crash leaves it; else the damage lies before good items. */
  readonly isTorn: boolean;
}

export type { MetricItem } from "./metric_item.ts";

/** What {@linkcode scanMetrics} found. */
export interface MetricsScan {
  /** How many records there are. */
  readonly count: number;
  /**
   * Where the last whole record ends. What lies behind is a torn tail, so a file cut there has lost nothing, and takes
   * further records.
   */
  readonly goodBytes: number;
  /** The first thing that is wrong, if anything is. */
  readonly problem?: MetricsProblem;
}

/** What {@linkcode parseMetrics} found. */
export interface ParsedMetrics extends MetricsScan {
  /** The records, in the order in which they stand in the file. */
  readonly records: MetricRecord[];
}

/**
 * Reads a metrics file whole.
 *
 * Records are read whole or not at all: a last item that a crash cut off (it has no final line break, or lacks a key) is
 * reported and left out, and so is an item in the middle that is no record. A value or step that Python wrote and that is
 * no number is kept as it is.
 *
 * @param bytes The file.
 * @returns The records, where the good data ends, and what is wrong with the rest.
 */
export function parseMetrics(bytes: Uint8Array): ParsedMetrics {
  const records: MetricRecord[] = [];
  const scan = scanMetrics(bytes, (item) => {
    const { epoch, step, timestamp } = item;
    records.push({
      value: toObject(item),
      sequence: { epoch, step, timestamp },
    });
  });
  return { records, ...scan };
}

function toObject({ names, values }: MetricItem): Record<string, number> {
  const object: Record<string, number> = {};
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    const value = values[index] as number;
    if (name === "__proto__") defineOwn(object, name, value);
    else object[name] = value;
  }
  return object;
}

/**
 * Reads a metrics file without keeping its records, for the caller that wants columns or only a few.
 *
 * @param bytes The file.
 * @param visit Is shown each record, in order; the object it is given is used again for the next record.
 * @returns How many records there are, where the good data ends, and what is wrong with the rest.
 */
export function scanMetrics(
  bytes: Uint8Array,
  visit: (item: MetricItem) => void,
): MetricsScan {
  let start = findFirstItem(bytes);
  if (start < bytes.length && !isItemStart(bytes, start)) {
    return scanOtherStyle(bytes, visit);
  }
  const scanner = new MetricScanner(bytes);
  let count = 0;
  let goodBytes = 0;
  let problem: MetricsProblem | undefined;
  while (start < bytes.length) {
    let end = scanner.read(start);
    if (end >= 0) {
      visit(scanner);
    } else {
      const slow = readSlowly(bytes, start);
      end = slow.end;
      if (slow.item === undefined) {
        problem ??= locate(bytes, start, slow);
        start = end;
        continue;
      }
      visit(slow.item);
    }
    count++;
    goodBytes = end;
    start = end;
  }
  return { count, goodBytes, ...(problem && { problem }) };
}

/** An item that is not written as the two SDKs write it, or is damaged. */
type SlowItem =
  | { readonly end: number; readonly item: MetricItem }
  | {
    readonly end: number;
    readonly item?: undefined;
    readonly flaw: MetricFlaw;
  };

const GLUED: MetricFlaw = {
  message: "the item is cut off, and a later one follows on the same line",
  line: 1,
};
const UNFINISHED: MetricFlaw = {
  message: "it has no final line break",
  line: 1,
};

function readSlowly(bytes: Uint8Array, start: number): SlowItem {
  const end = findItemEnd(bytes, start);
  const lines = bytes.subarray(start, end);
  const glued = findGluedItem(lines);
  if (glued >= 0) return { end: start + glued, flaw: GLUED };
  if (!endsLine(lines)) return { end, flaw: UNFINISHED };
  const item = readItem(lines);
  return "message" in item ? { end, flaw: item } : { end, item };
}

function locate(
  bytes: Uint8Array,
  start: number,
  { end, flaw }: { readonly end: number; readonly flaw: MetricFlaw },
): MetricsProblem {
  const isTorn = end === bytes.length;
  return {
    line: countLines(bytes, start) + flaw.line,
    message: isTorn
      ? `the last item is cut off: ${flaw.message}`
      : flaw.message,
    isTorn,
  };
}

/** Reads a file that is no block list, such as `[]`. */
function scanOtherStyle(
  bytes: Uint8Array,
  visit: (item: MetricItem) => void,
): MetricsScan {
  const list = readList(bytes);
  if ("message" in list) {
    const problem = { line: list.line, message: list.message, isTorn: false };
    return { count: 0, goodBytes: 0, problem };
  }
  list.forEach((item) => visit(item));
  const goodBytes = list.length === 0 ? 0 : bytes.length;
  return { count: list.length, goodBytes };
}
