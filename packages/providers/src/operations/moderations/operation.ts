import { FieldReader, isFields } from "../../json/field-reader.ts";
import { jsonType, type ClientOperation } from "../client-operation.ts";
import { answered } from "../read-quantities.ts";
import { readMembers } from "../read-members.ts";

const pictureTokensAtMost = 50_000;
const tokensPerInputAtMost = 8;

/** Judgements about texts; answers tell no usage, so a price other than "free" or a fee is settled at the hold. */
export const moderationsOperation: ClientOperation = {
  operation: "moderations",
  path: "/moderations",
  form: "json",
  delivery: "complete",
  readRequest({ parsed, bodyBytes }) {
    const reader = new FieldReader();
    const model = reader.requiredText(parsed, "model");
    const { input } = parsed;
    const inputs: readonly unknown[] = Array.isArray(input) ? input : [input];
    const isText = inputs.every((item) => typeof item === "string" && item !== "");
    if (inputs.length === 0 || !(isText || inputs.every(isFields))) {
      reader.refuse("input", "'input' must be a string, an array of strings or an array of parts, and not empty.");
    }
    if (reader.problem !== null) return { ok: false, ...reader.problem };
    const pictures = inputs.filter((item) => isFields(item) && item["type"] === "image_url").length;
    const inputTokensAtMost = bodyBytes + inputs.length * tokensPerInputAtMost + pictures * pictureTokensAtMost;
    const sizes = { inputTokensAtMost, inputTokensAtLeast: 0, outputTokensAsked: 0, answers: 1 };
    return { ok: true, facts: { model, ...sizes, unitsAtMost: {}, counted: {} } };
  },
  readAnswer(body) {
    const reading = readMembers(body, "results", []);
    return reading.ok ? answered(null, (reading.answer.items ?? 0) === 0) : reading;
  },
  answerType: () => jsonType,
};
