import type { Call } from "../accept/call.ts";
import { writeCompleteAnswer } from "../accept/complete-answer.writer.ts";

/** Writes route names in the shape of OpenAI's model list. A route has no date of birth that a client could rely on. */
export function writeModels(call: Call, names: readonly string[]): void {
  const data = names.toSorted().map((id) => ({ id, object: "model", created: 0, owned_by: "switchyard" }));
  writeCompleteAnswer(call, JSON.stringify({ object: "list", data }));
}
