/** Where a browser may be, after what `EM_TEST_CHROMIUM` names. */
const PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** The system's browser; undefined where there is none. */
export function findBrowser(): string | undefined {
  const named = Deno.env.get("EM_TEST_CHROMIUM");
  return [...(named ? [named] : []), ...PATHS].find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  });
}
