/** The bytes of a form, with something done before the last of them. */
export async function asStream(
  data: FormData,
  beforeLast: () => Promise<void>,
) {
  const encoded = new Response(data);
  const headers = { "content-type": encoded.headers.get("content-type") ?? "" };
  const bytes = new Uint8Array(await encoded.arrayBuffer());
  const body = ReadableStream.from((async function* () {
    yield bytes.slice(0, -1);
    await beforeLast();
    yield bytes.slice(-1);
  })());
  return { body, headers };
}
