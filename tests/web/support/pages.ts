import { startBrowser, type TestBrowser } from "../../support/browser.ts";
import { startTestServer, type TestServer } from "../../support/em_server.ts";

/** The pages of a real server in a real browser. */
export interface TestPages extends TestBrowser {
  readonly server: TestServer;
  /** The address of the pages. */
  readonly url: string;
  /** Goes to an address such as `#/folders/<id>/`. */
  goto(hash: string): Promise<void>;
}

/** How to open pages. */
export interface PagesOptions {
  /** Whether the user `demo` is signed in. Default: yes. */
  readonly signIn?: boolean;
  /** What the browser is like. */
  readonly browser?: Parameters<typeof startBrowser>[0];
}

/** Starts server and browser: `await using web = await openPages()`. */
export async function openPages(
  options: PagesOptions = {},
): Promise<TestPages> {
  await using resources = new AsyncDisposableStack();
  const server = resources.use(await startTestServer());
  const web = resources.use(await startBrowser(options.browser));
  const url = new URL("/t9k/em/web/", server.url).href;
  if (options.signIn ?? true) {
    const answer = await web.context.request.post(`${url}session`, {
      data: { apiKey: server.apiKey },
      headers: { origin: new URL(url).origin },
    });
    if (!answer.ok()) throw new Error(await answer.text());
  }
  await web.page.goto(url);
  const owned = resources.move();
  return {
    ...web,
    server,
    url,
    async goto(hash) {
      await web.page.goto(url + hash);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
