import { isJsonObject } from "../../text/json-object.ts";

export interface InputProblem {
  readonly parameter: string;
  readonly message: string;
}

const ROLES = new Set(["user", "assistant", "system", "developer"]);
const PARTS_BY_ROLE: Readonly<Record<string, ReadonlySet<unknown>>> = {
  assistant: new Set(["output_text", "refusal"]),
};
const INPUT_PARTS = new Set<unknown>(["input_text", "input_image", "input_file", "input_audio"]);

/** What the API would not accept in `input`; undefined when it is sound. */
export function findInputProblem(input: unknown): InputProblem | undefined {
  if (typeof input === "string" && input !== "") return undefined;
  if (!Array.isArray(input) || input.length === 0) {
    return { parameter: "input", message: "Missing required parameter: 'input'." };
  }
  const calls = new Set<string>();
  const outputs = new Set<string>();
  for (const [index, item] of input.entries()) {
    const parameter = `input[${index}]`;
    if (!isJsonObject(item)) return { parameter, message: "Expected an object." };
    const { type = "message", role, content } = item;
    const callId = JSON.stringify(item["call_id"]);
    switch (type) {
      case "message":
        if (typeof role !== "string" || !ROLES.has(role)) {
          return { parameter: `${parameter}.role`, message: "Invalid value for the role." };
        }
        if (!isContent(content, PARTS_BY_ROLE[role] ?? INPUT_PARTS)) {
          return { parameter: `${parameter}.content`, message: "Invalid content for this role." };
        }
        break;
      case "function_call":
        calls.add(callId);
        break;
      case "function_call_output":
        if (!calls.has(callId)) {
          return { parameter, message: `No tool call found for function call output with call_id ${callId}.` };
        }
        outputs.add(callId);
        break;
      case "reasoning":
        if (!Array.isArray(item["summary"])) return { parameter: `${parameter}.summary`, message: "Missing summary." };
        if (!isEncrypted(item["encrypted_content"])) {
          return { parameter, message: "The encrypted content could not be verified." };
        }
        break;
      default:
        return { parameter: `${parameter}.type`, message: `Invalid value: '${String(type)}'.` };
    }
  }
  const open = [...calls].find((callId) => !outputs.has(callId));
  return open === undefined
    ? undefined
    : { parameter: "input", message: `No tool output found for function call ${open}.` };
}

function isContent(content: unknown, parts: ReadonlySet<unknown>): boolean {
  if (typeof content === "string") return true;
  return Array.isArray(content) && content.every((part) => isJsonObject(part) && parts.has(part["type"]));
}

/** What was encrypted here is base64; anything else was not. */
function isEncrypted(content: unknown): boolean {
  return (
    content === undefined || content === null || (typeof content === "string" && /^[A-Za-z0-9+/]+=*$/.test(content))
  );
}
