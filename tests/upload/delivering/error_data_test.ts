import { assertEquals, assertInstanceOf } from "@std/assert";
import * as errors from "../../../src/errors.ts";
import {
  toError,
  toErrorData,
} from "../../../src/upload/delivering/error_data.ts";

Deno.test("every EmError crosses a thread border as itself, without its cause", () => {
  const cause = new Error("secret");
  const all: errors.EmError[] = [
    new errors.PermissionError("reach it", "--allow-net=x", { cause }),
    new errors.AuthenticationError("https://x", "unknown", { cause }),
    new errors.ConnectionError("https://x", "refused", { cause }),
    new errors.RedirectError("https://x", 302, "https://y", { cause }),
    new errors.ResponseError("https://x", "GET /a", 500, "body", { cause }),
    new errors.FolderNotFoundError("/demo/x", { cause }),
    new errors.NodeExistsError("/demo/x", "Run", "do this", { cause }),
    new errors.EmError("response", "something", { cause }),
  ];
  for (const error of all) {
    const back = toError(structuredClone(toErrorData(error)));
    assertInstanceOf(
      back,
      error.constructor as new () => errors.EmError,
      error.name,
    );
    assertEquals(
      [back.name, back.code, back.message, back.cause, { ...back }],
      [error.name, error.code, error.message, undefined, { ...error }],
    );
  }
});
