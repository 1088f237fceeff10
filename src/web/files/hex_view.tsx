/**
 * The first bytes of an object.
 *
 * @module
 */

import type { JSX } from "preact";
import { formatBytes } from "../format/number.ts";
import { FILES } from "../text/files.ts";
import { hexDump } from "./hex_dump.ts";

/** Shows bytes. */
export function HexView(
  { bytes, size }: {
    readonly bytes: Uint8Array;
    /** The size of the whole object. */
    readonly size: number;
  },
): JSX.Element {
  return (
    <div class="preview-body">
      {size > bytes.length && (
        <p class="muted">
          {FILES.bytesCut({
            n: formatBytes(bytes.length),
            size: formatBytes(size),
          })}
        </p>
      )}
      <pre class="hex" tabIndex={0}>{hexDump(bytes)}</pre>
    </div>
  );
}
