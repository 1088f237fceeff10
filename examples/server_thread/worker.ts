/**
 * The thread that {@linkcode startServerThread} starts.
 *
 * @module
 */

import { startServer } from "@t9k/em/server";
import type { Answer, Question } from "./mod.ts";

const port = self as unknown as {
  postMessage(answer: Answer): void;
  onmessage: (event: MessageEvent<Question>) => void;
};
let server: Awaited<ReturnType<typeof startServer>> | undefined;

port.onmessage = async ({ data: question }) => {
  if (question.ask === "start") {
    server = await startServer({
      dataDir: question.dataDir,
      port: 0,
      user: "demo",
    });
    port.postMessage({
      url: server.url,
      apiKey: server.firstStart?.apiKey ?? "",
    });
  } else if (question.ask === "stats") {
    port.postMessage({
      stats: server?.stats() ?? { requests: 0, receivedBodyBytes: 0 },
    });
  } else {
    await server?.shutdown();
    port.postMessage({});
  }
};
