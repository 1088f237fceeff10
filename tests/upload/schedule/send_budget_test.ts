import { assertEquals } from "@std/assert";
import {
  ALLOWANCE_BYTES,
  APPEND_ALLOWANCE_BYTES,
  type FileAccount,
  RESERVE_BYTES,
  SendBudget,
} from "../../../src/upload/schedule/send_budget.ts";

function account(sizeBytes: number, more: Partial<FileAccount> = {}) {
  return { sizeBytes, sentBytes: 0, firstBytes: 0, tailBytes: 0, ...more };
}

Deno.test("a file may cost 85 % of its size before its end, or its first sending, and documents share an allowance", () => {
  const large = account(1_000_000, { sentBytes: 600_000, firstBytes: 100 });
  const checkpoint = account(1_000_000, {
    sentBytes: 1_000_000,
    firstBytes: 1_000_000,
  });
  const document = account(1000, { sentBytes: 1000, firstBytes: 1000 });
  const budget = new SendBudget([large, checkpoint, document], false);
  assertEquals(budget.for(large, false), 250_000);
  assertEquals(budget.for(checkpoint, false), 0);
  // What the 85 % of the large one leave is more than the allowance.
  assertEquals(budget.for(document, true), 150_000 - RESERVE_BYTES);
});

Deno.test("what goes beyond is charged to all, and paid back as the files grow", () => {
  const document = account(1000);
  const grown = account(10_000, { sentBytes: 30_000, firstBytes: 1000 });
  const left = (...files: FileAccount[]) => new SendBudget(files, false);
  assertEquals(
    left(document, grown).for(document, true),
    850 + ALLOWANCE_BYTES - 850 - 30_000,
  );
  const large = account(30_000, { sentBytes: 30_000, firstBytes: 1000 });
  assertEquals(
    left(document, large).for(document, true),
    850 + ALLOWANCE_BYTES - 850 - 30_000,
    "what may be sent without regard to sizes is that for small directories alone",
  );
  const larger = account(100_000, { sentBytes: 30_000, firstBytes: 1000 });
  const later = left(document, larger);
  assertEquals(
    later.for(document, true),
    850 + 101_000 - RESERVE_BYTES - 850 - 85_000,
  );
  const sent = { ...document, sentBytes: 2000, firstBytes: 1000 };
  later.spend(document, sent);
  assertEquals(later.for(sent, true), 15_150 - RESERVE_BYTES - 1000);
});

Deno.test("where objects can be appended to, only what is sent again is charged", () => {
  const grown = account(100_000, {
    sentBytes: 100_000,
    firstBytes: 1000,
    tailBytes: 99_000,
  });
  const again = account(1000, { sentBytes: 5000, firstBytes: 1000 });
  const budget = new SendBudget([grown, again], true);
  assertEquals(budget.for(again, true), APPEND_ALLOWANCE_BYTES - 4000);
  const large = new SendBudget([account(10_000_000), again], true);
  assertEquals(large.for(again, true), 0.05 * 10_001_000 - 4000);
});
