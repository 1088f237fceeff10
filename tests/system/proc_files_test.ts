import { assertEquals } from "@std/assert";
import {
  parseCpuTimes,
  parseDiskTraffic,
  parseNetworkTraffic,
  parseProcessMemory,
  parseProcessSeconds,
} from "../../src/system/proc_files.ts";

Deno.test("parseCpuTimes() counts what waits for a disk as time without work", () => {
  const text = `cpu  100 10 40 800 50 3 2 5 7 7
cpu0 50 5 20 400 25 1 1 2 3 3
cpu1 50 5 20 400 25 2 1 3 4 4
intr 24245040 0 0
ctxt 115
`;
  assertEquals(parseCpuTimes(text), { busy: 160, total: 1010, cores: 2 });
  assertEquals(parseCpuTimes(""), undefined);
});

Deno.test("parseProcessSeconds() reads past any name, and counts children that were waited for", () => {
  const text =
    "7929 (a) S 1 (b) R 7925 7925 911 0 -1 4194304 4208 0 0 0 250 50 30 20 20 0 6 0 1197643 18602496000 10946";
  assertEquals(parseProcessSeconds(text), 3.5);
});

Deno.test("parseProcessMemory() reads the memory in use, of which a process that has ended has none", () => {
  const text = "Name:\tdeno\nVmHWM:\t   45000 kB\nVmRSS:\t   43000 kB\n";
  assertEquals(parseProcessMemory(text), 43_000 * 1024);
  assertEquals(parseProcessMemory("Name:\tdeno\nState:\tZ (zombie)\n"), 0);
});

Deno.test("parseDiskTraffic() counts each byte of a disk once", () => {
  const text = `   7       0 loop0 9 9 9 9 9 9 9 9 9 9 9
   8       0 sda 100 0 2000 5 50 0 4000 5 0 5 5
   8       1 sda1 100 0 2000 5 50 0 4000 5 0 5 5
 259       0 nvme0n1 10 0 20 5 5 0 40 5 0 5 5
 259       1 nvme0n1p1 10 0 20 5 5 0 40 5 0 5 5
 253       0 dm-0 100 0 2000 5 50 0 4000 5 0 5 5
`;
  assertEquals(parseDiskTraffic(text), {
    inBytes: 2020 * 512,
    outBytes: 4040 * 512,
  });
  assertEquals(parseDiskTraffic(""), undefined);
});

Deno.test("parseNetworkTraffic() leaves out what a machine says to itself", () => {
  const text =
    `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 103971862 1 0 0 0 0 0 0 103971862 1 0 0 0 0 0 0
  eth0: 1000 5 0 0 0 0 0 0 300 4 0 0 0 0 0 0
  ib0:20 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0
`;
  assertEquals(parseNetworkTraffic(text), { inBytes: 1020, outBytes: 307 });
  assertEquals(parseNetworkTraffic(""), undefined);
});
