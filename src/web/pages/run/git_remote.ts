/**
 * Where a commit is shown.
 *
 * @module
 */

/** Hosts whose pages are where their repositories are reached over SSH. */
const KNOWN_HOSTS = [
  "github.com",
  "gitlab.com",
  "bitbucket.org",
  "gitee.com",
  "codeberg.org",
];

/**
 * The page of a repository.
 *
 * @param remote Its address as git has it, such as `https://host/owner/name.git` or `git@host:owner/name.git`.
 * @returns The page, without user and password; undefined where the address is none of the web, nor of a known host.
 */
export function repositoryUrl(remote: string): string | undefined {
  const ssh = /^(?:ssh:\/\/)?git@([\w.-]+)[:/]([\w./~-]+)$/.exec(remote.trim());
  if (ssh !== null) {
    const [, host = "", path = ""] = ssh;
    if (!KNOWN_HOSTS.includes(host)) return undefined;
    return `https://${host}/${withoutEnd(path)}`;
  }
  const url = URL.parse(remote.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  if (url.pathname === "/") return undefined;
  return url.origin + withoutEnd(url.pathname);
}

/**
 * The page of a commit.
 *
 * @param remote The repository's address as git has it.
 * @param commit The commit's hash.
 * @returns The page; undefined where it is not known.
 */
export function commitUrl(remote: string, commit: string): string | undefined {
  const repository = repositoryUrl(remote);
  if (repository === undefined || !/^[\da-f]{7,64}$/.test(commit)) return;
  const { hostname } = new URL(repository);
  const way = hostname.includes("gitlab")
    ? "-/commit"
    : hostname === "bitbucket.org"
    ? "commits"
    : "commit";
  return `${repository}/${way}/${commit}`;
}

const withoutEnd = (path: string): string =>
  path.replace(/\/+$/, "").replace(/\.git$/, "");
