import { assert, assertEquals } from "@std/assert";
import { stateDir } from "../../../src/local/layout.ts";
import {
  isOfVersion,
  type UnfinishedUpload,
  UnfinishedUploads,
} from "../../../src/upload/sending/unfinished_uploads.ts";
import { RunDir } from "../support/support.ts";

const HOST = "http://127.0.0.1:1/t9k/aistore/server";
const UPLOAD: UnfinishedUpload = {
  host: HOST,
  objectPath: "/demo/run/a.bin",
  uploadId: "1",
  sizeBytes: 200_000_000,
  mtimeMs: 1_700_000_000_123,
  partBytes: 13_631_488,
};

Deno.test("UnfinishedUploads remembers by server and object, beside the directory, until the last is forgotten", () => {
  using dir = new RunDir();
  const file = `${stateDir(dir.path)}/multipart.json`;
  const open = () => new UnfinishedUploads(dir.path);
  const uploads = open();
  assertEquals(uploads.find(HOST, UPLOAD.objectPath), undefined);
  const others: UnfinishedUpload[] = [
    { ...UPLOAD, objectPath: "/demo/run/b.bin", uploadId: "2" },
    { ...UPLOAD, host: "http://other", uploadId: "3" },
  ];
  for (const upload of [UPLOAD, ...others]) assert(uploads.remember(upload));
  const newer = { ...UPLOAD, uploadId: "4" };
  assert(uploads.remember(newer));
  for (const all of [uploads, open()]) {
    assertEquals(all.find(HOST, UPLOAD.objectPath), newer);
    for (const other of others) {
      assertEquals(all.find(other.host, other.objectPath), other);
    }
  }
  assertEquals([...Deno.readDirSync(dir.path)], []);
  for (const { host, objectPath } of [newer, ...others]) {
    assert(Deno.statSync(file).isFile);
    open().forget(host, objectPath);
    assertEquals(open().find(host, objectPath), undefined);
  }
  assertEquals([...Deno.readDirSync(stateDir(dir.path))], []);
});

Deno.test("UnfinishedUploads takes nothing from a file that it cannot use", () => {
  for (
    const text of [
      "",
      "{",
      "null",
      "[]",
      JSON.stringify({ version: 2, uploads: [UPLOAD] }),
      JSON.stringify({ version: 1, uploads: {} }),
      JSON.stringify({ version: 1, uploads: [{ ...UPLOAD, uploadId: 1 }] }),
    ]
  ) {
    using dir = new RunDir();
    Deno.mkdirSync(stateDir(dir.path), { recursive: true });
    Deno.writeTextFileSync(`${stateDir(dir.path)}/multipart.json`, text);
    const uploads = new UnfinishedUploads(dir.path);
    assertEquals(uploads.find(HOST, UPLOAD.objectPath), undefined, text);
    assert(uploads.remember(UPLOAD), text);
    assertEquals(
      new UnfinishedUploads(dir.path).find(HOST, UPLOAD.objectPath),
      UPLOAD,
      text,
    );
  }
});

Deno.test("UnfinishedUploads says when it cannot remember", () => {
  using dir = new RunDir();
  Deno.writeTextFileSync(`${dir.parent}/.state`, "in the way");
  assertEquals(new UnfinishedUploads(dir.path).remember(UPLOAD), false);
});

Deno.test("isOfVersion() goes by size and time", () => {
  const { sizeBytes, mtimeMs } = UPLOAD;
  const stamp = { sizeBytes, mtimeMs, inode: 7 };
  assert(isOfVersion(UPLOAD, stamp));
  assert(!isOfVersion(UPLOAD, { ...stamp, sizeBytes: sizeBytes + 1 }));
  assert(!isOfVersion(UPLOAD, { ...stamp, mtimeMs: mtimeMs + 1 }));
});
