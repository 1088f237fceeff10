import { assertEquals } from "@std/assert";
import {
  commitUrl,
  repositoryUrl,
} from "../../../../src/web/pages/run/git_remote.ts";

Deno.test("commitUrl() leads to the pages of web addresses and known hosts, without their secrets", () => {
  const commit = "647e4239b2e072f0124ea662a413168d35f80781";
  const cases: [string, string | undefined][] = [
    [
      "https://git.example.com/demo/project.git",
      `https://git.example.com/demo/project/commit/${commit}`,
    ],
    [
      "https://user:token@github.com/a/b.git",
      `https://github.com/a/b/commit/${commit}`,
    ],
    ["http://git.lab:3000/a/b", `http://git.lab:3000/a/b/commit/${commit}`],
    ["git@github.com:a/b.git", `https://github.com/a/b/commit/${commit}`],
    [
      "ssh://git@gitlab.com/a/b/c.git",
      `https://gitlab.com/a/b/c/-/commit/${commit}`,
    ],
    ["https://gitlab.lab/a/b", `https://gitlab.lab/a/b/-/commit/${commit}`],
    [
      "git@bitbucket.org:a/b.git",
      `https://bitbucket.org/a/b/commits/${commit}`,
    ],
    ["git@git.unknown:a/b.git", undefined],
    ["javascript:alert(1)//https://x/y", undefined],
    ["data:text/html,x", undefined],
    ["file:///srv/git/x.git", undefined],
    ["/srv/git/x.git", undefined],
    ["https://github.com", undefined],
    ["", undefined],
  ];
  for (const [remote, wanted] of cases) {
    assertEquals(commitUrl(remote, commit), wanted, remote);
  }
  for (const bad of ["", "HEAD", "../../x", "abc", `${commit}?x`]) {
    assertEquals(commitUrl("https://h/a/b", bad), undefined, bad);
  }
  assertEquals(repositoryUrl("https://u:p@h/a/b.git/?q#f"), "https://h/a/b");
});
