import { aptInstall } from "./apt_install.ts";

/** Pythons in which Jupyter's client may be, and Debian's package of it, which belongs to the second. */
const PYTHONS = ["python3", "/usr/bin/python3"] as const;
const PACKAGE = "python3-jupyter-client";

/** What is said where the client is missing. */
export const NO_JUPYTER =
  "NO JUPYTER: there is no Python with jupyter_client, and it could not be installed. The tests that run notebooks in Deno's " +
  "kernel DO NOT RUN. Install Debian's python3-jupyter-client, or jupyter_client from PyPI.";

/** Whether Jupyter's client is there; where this process may, it is installed. */
export async function provideJupyter(): Promise<boolean> {
  return findJupyter() !== undefined ||
    await aptInstall([PACKAGE]) && findJupyter() !== undefined;
}

/**
 * The Python that has Jupyter's client. The whole suite runs the files that call this only where there is one, and says so
 * loudly elsewhere.
 *
 * @throws {Error} If there is none.
 */
export function requireJupyter(): string {
  const python = findJupyter();
  if (python === undefined) throw new Error(NO_JUPYTER);
  return python;
}

function findJupyter(): string | undefined {
  return PYTHONS.find((python) => {
    try {
      const args = ["-c", "import jupyter_client"];
      return new Deno.Command(python, { args, stderr: "null" }).outputSync()
        .success;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  });
}
