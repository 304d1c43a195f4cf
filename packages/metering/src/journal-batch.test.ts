import { expect, it } from "vitest";
import { bootOfBatch, journalBatchId } from "./journal-batch.ts";

it("names the boot that a batch is from", () => {
  const id = journalBatchId("0199a-b", 3, 10, 250);
  expect(id).toBe("0199a-b.3.10-250");
  expect(bootOfBatch(id)).toBe("0199a-b");
  expect(bootOfBatch("b1")).toBe("b1");
});
