/** Appends holds and closes as fast as it can, and tells of each one that was written. Ends by being killed. */
import { writeSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { Journal } from "../../src/settlement/journal.ts";
import { attemptRecord, holdRecord } from "./usage-records.ts";

const [, , directory = "", sync = "interval"] = process.argv;
const silent = () => undefined;
const journal = new Journal({
  directory,
  identity: { gatewayId: "gateway", bootId: randomUUID(), region: null, startedAtMs: Date.now() },
  kernelBootId: null,
  sync: sync === "always" ? "always" : { everyMs: 20 },
  maxBytes: 1024 ** 3,
  earlierBytes: 0,
  segmentMaxBytes: 64 * 1024,
  logger: { info: silent, error: silent },
});

for (let turn = 0; ; turn += 1) {
  const ids = Array.from({ length: 1 + (turn % 7) }, () => randomUUID());
  await Promise.all(ids.map((id) => journal.append(holdRecord(id))));
  writeSync(1, ids.map((id) => `hold ${id}\n`).join(""));
  const [closed] = ids;
  if (closed === undefined) continue;
  journal.appendEvent(attemptRecord(closed));
  await journal.append(holdRecord(`after ${closed}`));
  // A hold that came later is in the file, so the close before it is too.
  writeSync(1, `attempt ${closed}\n`);
}
