import type { Answer } from "./failure.ts";
import { CAPABILITIES_HEADER, UPLOAD_OFFSET_HEADER } from "./protocol.ts";

const ERROR_TEXT_LENGTH = 64 * 1024;
/** No page of a listing comes near it. */
const ANSWER_TEXT_LENGTH = 64 * 1024 * 1024;

/**
 * Reads an answer whole, as far as it may be of use.
 *
 * @param response The answer, not yet read.
 * @returns The answer.
 */
export async function readAnswer(response: Response): Promise<Answer> {
  return {
    status: response.status,
    text: await readStart(
      response,
      response.ok ? ANSWER_TEXT_LENGTH : ERROR_TEXT_LENGTH,
    ),
    location: response.headers.get("location"),
    retryAfter: response.headers.get("retry-after"),
    capabilities: response.headers.get(CAPABILITIES_HEADER),
    uploadOffset: response.headers.get(UPLOAD_OFFSET_HEADER),
  };
}

/** The start of a text: one without an end must not fill the memory. */
async function readStart(
  response: Response,
  maxLength: number,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maxLength) break;
  }
  return text + decoder.decode();
}
