/** What it costs to classify a prompt of about 4,000 tokens: prose, code and a list, so that every kind of cue is looked for. */
import { classify } from "@switchyard/policy-engine/classification/registry";

const warmUps = 2_000;
const measured = 5_000;
const prose = "Summarise the report for the board, and explain why the costs rose; you must compare every quarter. ";
const code =
  "```ts\nexport function total(lines: Line[]): number {\n  return lines.reduce((sum, line) => sum + line.cost, 0);\n}\n```\n";
const list = "- at most two pages\n- 3 * 4 tables\n- no names\n";
/** At about four characters a token. */
const prompt = (prose + code + list).repeat(64).slice(0, 16_000);
const traits = { inputTokensExpected: 4_000, tools: false, jsonSchema: false };

export interface ClassificationCost {
  readonly medianMicroseconds: number;
  readonly p99Microseconds: number;
}

export function measureClassification(): ClassificationCost {
  const sample = { instructions: prose.repeat(20), lastMessage: prompt, turns: 6 };
  for (let turn = 0; turn < warmUps; turn += 1) classify("words", sample, traits);
  const nanoseconds = new Float64Array(measured);
  for (let turn = 0; turn < measured; turn += 1) {
    const before = process.hrtime.bigint();
    classify("words", sample, traits);
    nanoseconds[turn] = Number(process.hrtime.bigint() - before);
  }
  nanoseconds.sort();
  const at = (share: number): number => (nanoseconds[Math.floor(measured * share)] ?? 0) / 1_000;
  return { medianMicroseconds: at(0.5), p99Microseconds: at(0.99) };
}
