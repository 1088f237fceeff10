import { assertEquals, assertRejects } from "@std/assert";
import { withRetryAfter } from "../../../src/aistore/outcome.ts";
import { ConnectionError, ResponseError } from "../../../src/errors.ts";
import { REQUEST_TRIES, tryAgain } from "../../../src/upload/gate/try_again.ts";

const broken = new ConnectionError("h", "reset");
const answer = (status: number, body = "", afterMs?: number) =>
  withRetryAfter(new ResponseError("h", "PUT /", status, body), afterMs);

/** Fails with each error in turn; how often it was tried, and with which pauses. */
async function attempt(
  errors: readonly Error[],
  controller = new AbortController(),
): Promise<{ tries: number; pauses: number[]; error: unknown }> {
  let tries = 0;
  const pauses: number[] = [];
  const request = () => {
    const error = errors[tries++];
    return error === undefined ? Promise.resolve(1) : Promise.reject(error);
  };
  const clock = {
    now: () => 0,
    wait(ms: number) {
      pauses.push(ms);
      return Promise.resolve();
    },
  };
  const backoff = { random: () => 0.5 };
  const { signal } = controller;
  const error = await tryAgain(request, { signal, clock, backoff })
    .then(() => undefined, (error) => error);
  return { tries, pauses, error };
}

Deno.test("tryAgain() tries a few times what may succeed, and keeps the server's pauses", async () => {
  const busy = answer(503, "", 4000);
  const forever = new Array<Error>(99).fill(broken);
  const table: readonly (readonly [Error[], number, number[], unknown])[] = [
    [[], 1, [], undefined],
    [[broken, busy], 3, [250, 4000], undefined],
    [forever, REQUEST_TRIES, [250, 500, 1000, 2000], broken],
  ];
  for (const [errors, tries, pauses, error] of table) {
    assertEquals(await attempt(errors), { tries, pauses, error });
  }
});

Deno.test("tryAgain() gives up at once where trying again is of no use", async () => {
  for (
    const error of [
      answer(413),
      answer(404, "upload not found [x]"),
      answer(404, "node not found [/demo/x]"),
      answer(503, "", 60_000),
    ]
  ) {
    assertEquals(await attempt([error]), { tries: 1, pauses: [], error });
  }
});

Deno.test("tryAgain() stops when it is aborted", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const reason = new Error("enough");
  const clock = {
    now: () => 0,
    wait() {
      controller.abort(reason);
      return Promise.resolve();
    },
  };
  let tries = 0;
  const request = () => {
    tries++;
    return Promise.reject(broken);
  };
  await assertRejects(
    () => tryAgain(request, { signal, clock }),
    Error,
    "enough",
  );
  assertEquals(tries, 1);
});
