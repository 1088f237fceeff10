/**
 * Answers that go on for long.
 *
 * @module
 */

/**
 * Ends an answer that is a stream of events as soon as its reader may not have it any more: before the next event.
 *
 * @param response The answer.
 * @param mayGoOn Whether the reader may still have it.
 * @returns The answer; any other than a stream of events as it is.
 */
export function endWithPermission(
  response: Response,
  mayGoOn: () => boolean,
): Response {
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("text/event-stream") || response.body === null) {
    return response;
  }
  const checked = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      if (mayGoOn()) controller.enqueue(chunk);
      else controller.terminate();
    },
  });
  return new Response(response.body.pipeThrough(checked), response);
}
