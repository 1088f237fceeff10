/**
 * A look into an object.
 *
 * @module
 */

import type { JSX } from "preact";
import { objectUrl, readRange } from "../api/objects.ts";
import type { Node, ObjectRecord } from "../api/types.ts";
import { formatBytes } from "../format/number.ts";
import { param, setParams } from "../state/route.ts";
import { useQuery } from "../state/use_query.ts";
import { FILES } from "../text/files.ts";
import { Icon } from "../ui/icon.tsx";
import { Ago, Answer, CopyButton, Segments } from "../ui/small.tsx";
import { CsvView } from "./csv_view.tsx";
import { HexView } from "./hex_view.tsx";
import { ImageView } from "./image_view.tsx";
import { JsonView } from "./json_view.tsx";
import { LongText } from "./long_text.tsx";
import { placeHref } from "./object_table.tsx";
import { type PreviewMode, previewModes } from "./preview_modes.ts";
import { ReferencesView } from "./references_view.tsx";
import { TextView } from "./text_view.tsx";

const BEGIN_BYTES = 4096;
const mode = param("view");

/** Shows what an object is, and what is in it. */
export function Preview(
  { node, object }: { readonly node: Node; readonly object: ObjectRecord },
): JSX.Element {
  const { path, size_bytes, checksum, content_type, mtime } = object;
  const begin = useQuery(
    `${node.id} ${path} ${checksum}`,
    async (abort) => {
      if (size_bytes === 0) return new Uint8Array(0);
      const range = { from: 0, to: BEGIN_BYTES };
      return (await readRange(node, path, range, abort)).bytes;
    },
  );
  return (
    <section class="preview card" aria-label={FILES.preview()}>
      <header class="preview-head">
        <div class="tools">
          <h2>
            <LongText text={path} max={200} />
          </h2>
          <span class="spacer" />
          <a
            class="button icon"
            href={objectUrl(node, path)}
            download={path.split("/").at(-1)}
            aria-label={FILES.download()}
            title={FILES.download()}
          >
            <Icon name="download" />
          </a>
          <a
            class="button icon quiet"
            href={placeHref({ file: undefined })}
            aria-label={FILES.closePreview()}
            title={FILES.closePreview()}
          >
            <Icon name="close" />
          </a>
        </div>
        <p class="preview-facts muted">
          <span>{formatBytes(size_bytes)}</span>
          <span class="user-text">{content_type.slice(0, 100)}</span>
          <Ago ms={mtime * 1000} />
          <span class="copied">
            {FILES.checksum()} <span class="mono cut">{checksum}</span>
            <CopyButton text={checksum} />
          </span>
        </p>
      </header>
      {size_bytes === 0
        ? <p class="padded muted">{FILES.empty()}</p>
        : (
          <Answer query={begin}>
            {(bytes) => <Views node={node} object={object} begin={bytes} />}
          </Answer>
        )}
    </section>
  );
}

interface ViewProps {
  readonly node: Node;
  readonly object: ObjectRecord;
  /** The first bytes. */
  readonly begin: Uint8Array;
}

function Views(props: ViewProps): JSX.Element {
  const modes = previewModes(props.object, props.begin);
  const first = modes[0] ?? "text";
  const current = modes.find((each) => each === mode.value) ?? first;
  return (
    <>
      {modes.length > 1 && (
        <div class="preview-modes">
          <Segments
            label={FILES.preview()}
            value={current}
            options={modes.map((value) => ({ value, text: FILES[value]() }))}
            onChange={(value) =>
              setParams({ view: value === first ? undefined : value })}
          />
        </div>
      )}
      <View mode={current} {...props} />
    </>
  );
}

function View(
  { mode, node, object, begin }: ViewProps & { readonly mode: PreviewMode },
): JSX.Element {
  switch (mode) {
    case "image":
      return <ImageView node={node} object={object} />;
    case "tree":
      return <JsonView node={node} object={object} />;
    case "table":
      return <CsvView node={node} object={object} />;
    case "references":
      return <ReferencesView node={node} />;
    case "text":
      return <TextView node={node} object={object} />;
    case "hex":
      return <HexView bytes={begin} size={object.size_bytes} />;
  }
}
