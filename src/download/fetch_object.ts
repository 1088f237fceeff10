import { dirname } from "@std/path";
import type { AnswerBody } from "../aistore/answer_body.ts";
import type { AIStoreClient } from "../aistore/client.ts";
import { classify } from "../aistore/outcome.ts";
import { CRC32_HEADER } from "../aistore/protocol.ts";
import { DownloadError, ResponseError } from "../errors.ts";
import { isProvenByParts } from "./local_files.ts";
import { PieceHash } from "./md5.ts";
import type { Md5Thread } from "./md5_thread.ts";
import { PartialFile } from "./partial_file.ts";
import type { PlannedObject } from "./plan.ts";

/** Which object to fetch, and where to. */
export interface FetchObjectOptions {
  /** The node's path on the server. */
  readonly nodePath: string;
  /** The object. */
  readonly object: PlannedObject;
  /** The directory in which an object that is not whole yet lies. */
  readonly partialDir: string;
  /** The file, on the same file system; one that is there is replaced. */
  readonly into: string;
  /** Gives a thread that computes MD5 sums, if there can be one; asked only if one is needed. Default: there is none. */
  readonly thread?: (() => Promise<Md5Thread | undefined>) | undefined;
  /** Told how much of the object is here, in bytes, each time that changes. */
  readonly onPosition: (bytes: number) => void;
  /** Told that size alone speaks for what came: the checksum is that of parts of an unusual size. Default: nobody is. */
  readonly onUnproven?: (() => void) | undefined;
  /** Ends the transfer; what came is kept for the next time. */
  readonly signal: AbortSignal;
}

/**
 * Downloads an object piece by piece, and makes sure that it is whole. What an attempt before it has brought is not
 * fetched again where the server can send the rest alone; if the whole is then not what it should be, all of it is
 * fetched once.
 *
 * @param client The server.
 * @param options Which object, and where to.
 * @throws {DownloadError} If size or checksum differ from the listing; nothing of the object is left then.
 * @throws {EmError} If the transfer fails; what came is kept for the next time.
 */
export async function fetchObject(
  client: AIStoreClient,
  options: FetchObjectOptions,
): Promise<void> {
  const { object, partialDir, into, onPosition } = options;
  const partial = new PartialFile(partialDir, object);
  const begun = await partial.begun();
  const isUsable = begun.start > 0 && begun.start <= object.sizeBytes;
  if (isUsable) {
    const came = await orWrong(
      fetchFrom(client, { ...options, partial, begun }),
    );
    if (came.isWhole) return await place(partial, into);
  }
  onPosition(0);
  const came = await orWrong(
    fetchFrom(client, { ...options, partial, begun: { start: 0 } }),
  );
  if (came.isWhole) return await place(partial, into);
  await partial.discard();
  onPosition(0);
  throw came.error;
}

async function place(partial: PartialFile, into: string): Promise<void> {
  await Deno.mkdir(dirname(into), { recursive: true });
  await partial.complete(into);
}

/** Whether all came, or why what came is wrong. */
type Came =
  | { readonly isWhole: true }
  | { readonly isWhole: false; readonly error: DownloadError };

async function orWrong(work: Promise<void>): Promise<Came> {
  try {
    await work;
    return { isWhole: true };
  } catch (error) {
    if (error instanceof DownloadError) return { isWhole: false, error };
    throw error;
  }
}

interface Attempt extends FetchObjectOptions {
  readonly partial: PartialFile;
  /** What is there already. */
  readonly begun: { readonly start: number; readonly etag?: string };
}

async function fetchFrom(
  client: AIStoreClient,
  attempt: Attempt,
): Promise<void> {
  const { object, partial, begun, onPosition, thread, signal } = attempt;
  const isAllHere = begun.start > 0 && begun.start === object.sizeBytes;
  const answer = isAllHere ? undefined : await ask(client, attempt);
  const start = answer?.start ?? begun.start;
  const crc = crcOf(object, answer);
  // Where there is nothing to compare an MD5 with, none is computed.
  const isMd5 = crc === undefined && object.md5 !== undefined;
  const hash = new PieceHash(
    object.sizeBytes,
    isMd5 ? { thread: await thread?.() } : { kind: "crc32" },
  );
  try {
    using file = await partial.open(start, answer?.etag ?? null);
    await addBeginning(hash, file, { bytes: start, signal });
    onPosition(start);
    if (answer !== undefined) await receive(answer, { file, hash, attempt });
  } catch (error) {
    await answer?.body.cancel().catch(() => {});
    // The thread must not keep a sum that nobody asks for.
    await hash.digest().catch(() => {});
    throw error;
  }
  const sum = await hash.digest();
  const wanted = crc ?? object.md5;
  if (wanted === undefined) return await checkParts(attempt, start);
  if (sum === wanted) return;
  const [name, says] = crc === undefined
    ? ["MD5", "lists"]
    : ["CRC-32", "names"];
  throw wrong(
    attempt,
    `its ${name} is ${sum}, and the server ${says} ${wanted}; if it is still being uploaded, try again later`,
  );
}

/** What was put together of several answers must be proven. What came in one is kept in any case: the parts may be unusual. */
async function checkParts(attempt: Attempt, start: number): Promise<void> {
  const { object, partial, signal, onUnproven } = attempt;
  if (await isProvenByParts(partial.path, object, signal)) return;
  if (start === 0) return onUnproven?.();
  throw wrong(
    attempt,
    `what came in several attempts is not proven by the checksum ${object.inParts}`,
  );
}

/**
 * The CRC-32 that the server names with the very content that it lists: to compute that takes next to no time, where an MD5
 * takes twice as long as all the rest.
 */
function crcOf(
  { md5 }: PlannedObject,
  answer: Answer | undefined,
): string | undefined {
  if (md5 === undefined) return undefined;
  // What is compressed on the way has a weak tag; the sum is that of the object nevertheless.
  if (answer?.etag?.replace(/^W\//, "") !== `"${md5}"`) return undefined;
  const crc = answer.body.headers.get(CRC32_HEADER) ?? "";
  return /^[0-9a-f]{8}$/.test(crc) ? crc : undefined;
}

/** An answer, and from where on it holds the object. */
interface Answer {
  readonly body: AnswerBody;
  readonly start: number;
  readonly etag: string | null;
}

/** Asks for the rest of the object, and for the whole if the server sends something else. */
async function ask(client: AIStoreClient, attempt: Attempt): Promise<Answer> {
  const { nodePath, object, begun, signal } = attempt;
  const path = `${nodePath}/${object.key}`;
  if (begun.start > 0) {
    const body = await askForRest(client, path, attempt);
    const start = body && startOf(body, attempt);
    if (body !== undefined && start !== undefined) return answerOf(body, start);
    await body?.cancel();
  }
  const body = await client.openObject(path, { signal });
  if (body.status !== PARTIAL) return answerOf(body, 0);
  await body.cancel();
  throw wrong(
    attempt,
    "the server sends a part of it, and was asked for the whole",
  );
}

function answerOf(body: AnswerBody, start: number): Answer {
  return { body, start, etag: body.headers.get("etag") };
}

const PARTIAL = 206;

async function askForRest(
  client: AIStoreClient,
  path: string,
  { begun, signal }: Attempt,
): Promise<AnswerBody | undefined> {
  try {
    return await client.openObject(path, { ...begun, signal });
  } catch (error) {
    // A refusal may be meant for the range alone: of the whole it will be said again.
    const isRefused = error instanceof ResponseError &&
      classify(error).state === "rejected";
    if (isRefused) return undefined;
    throw error;
  }
}

/** From where on an answer holds the object; undefined if it is not the part that was asked for. */
function startOf(
  { status, headers }: AnswerBody,
  { object: { sizeBytes }, begun }: Attempt,
): number | undefined {
  if (status !== PARTIAL) return 0;
  const [, range, total] = /^bytes (\d+-\d+)\/(\d+|\*)$/.exec(
    headers.get("content-range") ?? "",
  ) ?? [];
  const isAsked = range === `${begun.start}-${sizeBytes - 1}` &&
    (total === "*" || total === `${sizeBytes}`);
  const etag = headers.get("etag");
  const isSame = begun.etag === undefined || etag === null ||
    etag === begun.etag;
  return isAsked && isSame ? begun.start : undefined;
}

/** Adds what is there already to the sum. */
async function addBeginning(
  hash: PieceHash,
  file: Deno.FsFile,
  { bytes, signal }: { readonly bytes: number; readonly signal: AbortSignal },
): Promise<void> {
  await file.seek(0, Deno.SeekMode.Start);
  for (let left = bytes; left > 0;) {
    signal.throwIfAborted();
    const buffer = await hash.buffer();
    const room = new Uint8Array(buffer, 0, Math.min(left, buffer.byteLength));
    const count = await file.read(room);
    if (count === null) throw new Error("A file was shortened by somebody");
    hash.add(buffer, count);
    left -= count;
  }
}

interface Intake {
  /** At its end. */
  readonly file: Deno.FsFile;
  readonly hash: PieceHash;
  readonly attempt: Attempt;
}

async function receive(
  { body, start }: Answer,
  { file, hash, attempt }: Intake,
): Promise<void> {
  const { object: { sizeBytes }, onPosition, signal } = attempt;
  let position = start;
  for (;;) {
    // What came already is read to its end in spite of an abort.
    signal.throwIfAborted();
    const { buffer, count } = await body.fill(await hash.buffer());
    if (count === 0) break;
    position += count;
    if (position > sizeBytes) {
      throw wrong(
        attempt,
        `it is longer than the ${sizeBytes} bytes that the server lists; if it is still being uploaded, try again later`,
      );
    }
    // From memory to memory this is done at once, and takes half of what it takes to have another thread do it.
    writeAll(file, new Uint8Array(buffer, 0, count));
    hash.add(buffer, count);
    onPosition(position);
  }
  if (position < sizeBytes) {
    throw wrong(
      attempt,
      `${position} bytes came, and the server lists ${sizeBytes}`,
    );
  }
}

/**
 * How much is written at once, in bytes. On a machine that had copied much before, writes of 64 KiB and more were measured
 * to take twice as long as all the rest together; these did not.
 */
const WRITE_BYTES = 32 * 1024;

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    at += file.writeSync(bytes.subarray(at, at + WRITE_BYTES));
  }
}

function wrong({ nodePath, object }: Attempt, problem: string): DownloadError {
  return new DownloadError(nodePath, problem, { object: object.key });
}
