import { assertEquals, assertThrows } from "@std/assert";
import { DamagedFileError } from "../../src/errors.ts";
import {
  decodeGit,
  decodePlatform,
  encodeGit,
  encodePlatform,
} from "../../src/format/environment.ts";
import { readFixture } from "./fixtures.ts";

Deno.test("encodePlatform() writes the Python SDK's keys in its order, then Deno's", () => {
  const facts = {
    typescript: "6.0.3",
    v8: "15.0",
    deno: "2.9.6",
    framework: "",
    pypkgs: {},
    python: null,
    os: "Linux-6.18-x86_64",
    hostname: "worker-0",
  };
  assertEquals(
    encodePlatform(facts),
    "hostname: worker-0\nos: Linux-6.18-x86_64\npython: null\npypkgs: {}\nframework: ''\n" +
      "deno: 2.9.6\nv8: '15.0'\ntypescript: 6.0.3\n",
  );
  assertEquals(
    encodePlatform({ ...facts, hostname: null, os: null }).split("\n").slice(
      0,
      2,
    ),
    ["hostname: null", "os: null"],
  );
});

Deno.test("encodeGit() writes the bytes of the Python SDK", () => {
  assertEquals(
    encodeGit({
      entrypoint: "src/t9k/em/run.py",
      is_dirty: false,
      commit: "647e4239b2e072f0124ea662a413168d35f80781",
      branch: "main",
      remote_url: "https://git.example.com/demo/project.git",
      repo_path: "/home/demo/project",
    }),
    readFixture(
      "c16_git_repo_clean/runs/in-git-repo_261123_084140_okq7pv/git.yaml",
    ),
  );
  assertEquals(
    encodeGit({
      repo_path: null,
      remote_url: null,
      branch: null,
      commit: null,
      is_dirty: null,
      entrypoint: "/opt/venv/lib/python3.11/site-packages/t9k/em/run.py",
    }),
    readFixture("c01_plain/runs/default_261123_082108_n30tex/git.yaml"),
  );
});

Deno.test("decodePlatform() and decodeGit() read what either SDK wrote, and what is missing is null", () => {
  const platform = {
    hostname: "worker-0",
    os: null,
    python: null,
    pypkgs: {},
    framework: "",
    deno: "2.9.6",
    v8: "14.0",
    typescript: "5.9",
  };
  assertEquals(decodePlatform(encodePlatform(platform)), platform);
  assertEquals(
    decodePlatform("hostname: h\npython: 3.11\npypkgs: {t9k: 1.5}\n"),
    {
      ...platform,
      hostname: "h",
      python: "3.11",
      pypkgs: { t9k: "1.5" },
      deno: null,
      v8: null,
      typescript: null,
    },
  );
  const git = {
    repo_path: "/home/demo/project",
    remote_url: null,
    branch: "main",
    commit: "647e4239b2e072f0124ea662a413168d35f80781",
    is_dirty: false,
    entrypoint: "train.ts",
  };
  assertEquals(decodeGit(encodeGit(git)), git);
  assertEquals(decodeGit("is_dirty: maybe\n").is_dirty, null);
  for (const text of ["", "- 1\n", "a: [\n"]) {
    assertThrows(
      () => decodeGit(text, "x/git.yaml"),
      DamagedFileError,
      "x/git.yaml",
    );
    assertThrows(() => decodePlatform(text), DamagedFileError);
  }
});
