/**
 * An object as text.
 *
 * @module
 */

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Node, ObjectRecord } from "../api/types.ts";
import { FILES } from "../text/files.ts";
import { Failure } from "../ui/small.tsx";
import { LineView } from "./line_view.tsx";
import { useByteWindow } from "./use_byte_window.ts";

const STEP_BYTES = 1024 * 1024;

/** Shows an object of any size as text with line numbers; what is scrolled to is read. */
export function TextView(
  { node, object, line, wrap = true }: {
    readonly node: Node;
    readonly object: ObjectRecord;
    /** A line that is pointed out, counted from 1. */
    readonly line?: number | undefined;
    readonly wrap?: boolean;
  },
): JSX.Element {
  const { window, part, error } = useByteWindow(node, {
    key: object.path,
    size: object.size_bytes,
    version: object.checksum,
    stepBytes: STEP_BYTES,
  }, "start");
  const target = useMemo(() => {
    if (line === undefined || part.from > 0) return undefined;
    return { offset: placeOfLine(part.bytes, line) };
  }, [line, part.generation]);
  if (error) return <Failure error={error} retry={() => window.openAt(0)} />;
  return (
    <LineView
      label={FILES.text()}
      part={part}
      wrap={wrap}
      numbers
      target={target}
      onTop={() => window.earlier()}
      onBottom={() => window.later()}
    />
  );
}

function placeOfLine(bytes: Uint8Array, line: number): number {
  let at = 0;
  for (let number = 1; number < line; number++) {
    const end = bytes.indexOf(10, at);
    if (end < 0) break;
    at = end + 1;
  }
  return at;
}
