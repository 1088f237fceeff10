/**
 * An object as an image.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { objectUrl, readRange } from "../api/objects.ts";
import type { Node, ObjectRecord } from "../api/types.ts";
import { FILES } from "../text/files.ts";

const MAX_SVG_BYTES = 10 * 1024 * 1024;

/** Shows an image. In an `img` element nothing in an SVG runs, and nothing is loaded by it. */
export function ImageView(
  { node, object }: { readonly node: Node; readonly object: ObjectRecord },
): JSX.Element {
  const { path, checksum, size_bytes } = object;
  const isSvg = /\.svg$/i.test(path);
  const [url, setUrl] = useState<string>();
  const [isFailed, setFailed] = useState(false);
  useEffect(() => {
    setFailed(false);
    // The address says nothing of the content, and a browser keeps what it had under it.
    if (!isSvg) {
      setUrl(`${objectUrl(node, path)}&v=${checksum}`);
      return;
    }
    if (size_bytes > MAX_SVG_BYTES) {
      setFailed(true);
      return;
    }
    // Stored objects mostly come without a type, and an image of that type needs one.
    const abort = new AbortController();
    let made: string | undefined;
    readRange(node, path, { from: 0 }, abort.signal).then(
      ({ bytes }) => {
        const blob = new Blob([bytes as Uint8Array<ArrayBuffer>], {
          type: "image/svg+xml",
        });
        made = URL.createObjectURL(blob);
        setUrl(made);
      },
      () => abort.signal.aborted || setFailed(true),
    );
    return () => {
      abort.abort();
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [node.id, path, checksum]);
  return (
    <div class="preview-body image">
      {isFailed
        ? <p class="muted" role="alert">{FILES.imageFailed()}</p>
        : url !== undefined && (
          <img
            src={url}
            alt={path.split("/").at(-1) ?? path}
            onError={() => setFailed(true)}
          />
        )}
    </div>
  );
}
