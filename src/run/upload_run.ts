import { basename, join } from "@std/path";
import {
  decodeRunMetadata,
  encodeRunMetadata,
  type RunMetadata,
} from "../format/metadata.ts";
import { formatTimestamp } from "../format/timestamp.ts";
import { Document } from "../local/document.ts";
import { RUN_FILES, stateDir } from "../local/layout.ts";
import { hold } from "../local/owner.ts";
import type { Reporter } from "../reporter.ts";
import type { NodeSpec, UploadReport } from "../upload/types.ts";
import { uploadNode, type UploadNodeOptions } from "../upload/upload_node.ts";
import { checkWait } from "../upload/wait_options.ts";
import type { KeptMetadata } from "./kept_metadata.ts";
import type { RunUploadOptions } from "./run_types.ts";
import { withUploadRecord } from "../upload/placing/upload_record.ts";

/**
 * What a run is to become on the server.
 *
 * @param metadata The run's metadata.
 * @returns The node.
 */
export function runNode(metadata: RunMetadata): NodeSpec {
  const { name, alternativeName, labels, description } = metadata;
  return { type: "Run", name, alternativeName, labels, description };
}

/** Uploads the run directory of a run that this process holds: see `Run.upload`. */
export function uploadHeldRun(
  { dir, reporter }: { readonly dir: string; readonly reporter: Reporter },
  metadata: KeptMetadata,
  options: RunUploadOptions,
): Promise<UploadReport> {
  const timeoutMs = checkWait(options);
  return uploadNode({
    dir,
    node: runNode(metadata.value),
    isLive: metadata.value.status === "Running",
    recordUpload: (node) => metadata.record(node),
    reporter,
  }, { ...options, timeoutMs });
}

/**
 * Uploads a run directory that this process does not write: one that is complete, was killed, or is another process's.
 *
 * @param dir The absolute path of the run directory.
 * @param options Where to, and who is told.
 * @returns What arrived.
 * @throws {EmError} If the metadata cannot be read, no server is known, or it refuses the run as a whole.
 */
export async function uploadRunDirectory(
  dir: string,
  options: UploadNodeOptions & { readonly reporter: Reporter },
): Promise<UploadReport> {
  const document = new Document(join(dir, RUN_FILES.metadata), stateDir(dir));
  // The directory's name is what counts, as in the Python SDK: it may have been renamed.
  const read = () => ({
    ...decodeRunMetadata(document.read(), document.path),
    alternativeName: basename(dir),
  });
  const first = read();
  return await uploadNode({
    dir,
    node: runNode(first),
    reporter: options.reporter,
    isLive: first.status === "Running",
    recordUpload(node) {
      Deno.mkdirSync(stateDir(dir), { recursive: true });
      // A running process writes its own metadata.
      const held = hold(dir);
      if (held === undefined) return;
      try {
        const metadata = withUploadRecord(read(), node, formatTimestamp());
        document.write(encodeRunMetadata(metadata));
      } finally {
        held.release({ forgetOwner: false });
      }
    },
  }, options);
}
