import type { Answer } from "./failure.ts";
import {
  type FilePart,
  type FormFrame,
  NO_FRAME,
  readPart,
} from "./form_body.ts";
import { CAPABILITIES_HEADER, UPLOAD_OFFSET_HEADER } from "./protocol.ts";

/** A request whose body is a part of a file. */
export interface StreamRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The headers, but for `Content-Length`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The form around the content. Default: none. */
  readonly frame?: FormFrame;
  /** The content. */
  readonly part: FilePart;
  /** Ends the request. */
  readonly signal: AbortSignal;
  /** Is told that there is a connection. */
  readonly onConnected?: () => void;
}

/**
 * Sends a part of a file with a `Content-Length`, straight to the server by Node's client: in bounded memory, and with the
 * answer even if that comes early and the connection breaks then.
 *
 * @param url The whole address.
 * @param options The request.
 * @returns The answer; it may come before the whole body went out.
 */
export async function sendStream(
  url: URL,
  options: StreamRequest,
): Promise<Answer> {
  const { method, headers, part, signal } = options;
  const { head, tail } = options.frame ?? NO_FRAME;
  const { request } = url.protocol === "https:"
    ? await import("node:https")
    : await import("node:http");
  const length = head.length + part.sizeBytes + tail.length;
  const outgoing = request(url, {
    method,
    agent: false,
    headers: { ...headers, "content-length": length },
  });
  outgoing.once(
    "socket",
    (socket) => socket.once("connect", () => options.onConnected?.()),
  );
  const answer = readAnswer(outgoing);
  answer.catch(() => {});
  let answered = false;
  const settled = answer.then(() => answered = true, () => answered = true);
  const abort = () => outgoing.destroy(new Error("aborted"));
  signal.addEventListener("abort", abort, { once: true });
  try {
    if (signal.aborted) abort();
    outgoing.write(head);
    for await (const chunk of readPart(part)) {
      if (answered) break;
      await Promise.race([written(outgoing, chunk), settled]);
    }
    if (!answered) outgoing.end(tail);
    return await answer;
  } finally {
    signal.removeEventListener("abort", abort);
    outgoing.destroy();
  }
}

type Outgoing = import("node:http").ClientRequest;

/** Resolves when the chunk's memory can be used again. */
function written(outgoing: Outgoing, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => outgoing.write(chunk, () => resolve()));
}

function readAnswer(outgoing: Outgoing): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let answering = false;
    const broken = () =>
      reject(new Error("connection closed before the answer was complete"));
    // A server that refuses a body answers, then breaks the connection off: what it says counts.
    outgoing.on("error", (error) => answering || reject(error));
    outgoing.on("close", () => answering || broken());
    outgoing.on("response", (incoming) => {
      answering = true;
      const chunks: Uint8Array<ArrayBuffer>[] = [];
      incoming.on(
        "data",
        (chunk: Uint8Array<ArrayBuffer>) => chunks.push(chunk),
      );
      incoming.on("error", reject);
      incoming.on("close", broken);
      incoming.on("end", () => {
        resolve({
          status: incoming.statusCode ?? 0,
          text: decode(chunks),
          location: incoming.headers.location ?? null,
          retryAfter: incoming.headers["retry-after"] ?? null,
          capabilities: incoming.headers[CAPABILITIES_HEADER]?.toString() ??
            null,
          uploadOffset: incoming.headers[UPLOAD_OFFSET_HEADER]?.toString() ??
            null,
        });
      });
    });
  });
}

function decode(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join(
    "",
  ) + decoder.decode();
}
