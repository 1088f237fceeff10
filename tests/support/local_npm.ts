import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { parseTar } from "nanotar";

/** A registry on this machine that has one package, as npm has it. */
export interface LocalNpm extends AsyncDisposable {
  /** What leads the package's scope here, for `.npmrc`. */
  readonly npmrc: string;
}

/**
 * Serves a package.
 *
 * @param path The package, packed.
 */
export function startLocalNpm(path: string): LocalNpm {
  const packed = Deno.readFileSync(path);
  const manifest = manifestOf(packed);
  const { name, version } = manifest;
  const integrity = createHash("sha512").update(packed).digest("base64");
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    ({ url }) => {
      const { pathname, origin } = new URL(url);
      const dist = {
        tarball: `${origin}/package.tgz`,
        integrity: `sha512-${integrity}`,
      };
      switch (decodeURIComponent(pathname)) {
        case `/${name}`:
          return Response.json({
            name,
            "dist-tags": { latest: version },
            versions: { [version]: { ...manifest, dist } },
          });
        case "/package.tgz":
          return new Response(packed);
        default:
          return new Response("not found", { status: 404 });
      }
    },
  );
  const [scope] = name.split("/");
  return {
    npmrc: `${scope}:registry=http://127.0.0.1:${server.addr.port}/\n`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

interface Manifest {
  readonly name: string;
  readonly version: string;
}

function manifestOf(packed: Uint8Array): Manifest {
  const file = parseTar(gunzipSync(packed))
    .find(({ name }) => name === "package/package.json");
  if (file === undefined) throw new Error("The package has no package.json");
  return JSON.parse(file.text);
}
