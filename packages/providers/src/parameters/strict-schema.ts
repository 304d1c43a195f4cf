import { isFields } from "../json/field-reader.ts";

/**
 * Whether a JSON Schema is one that OpenAI's strict mode takes: every object closed, and all of its members required.
 * Any other schema is sent as it is, without the promise that the answer keeps to it.
 */
export function isStrictSchema(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrictSchema);
  if (!isFields(schema)) return true;
  const { properties, required, additionalProperties } = schema;
  const isObject = schema["type"] === "object" || properties !== undefined;
  if (isObject) {
    const names = isFields(properties) ? Object.keys(properties) : [];
    const named: readonly unknown[] = Array.isArray(required) ? required : [];
    if (additionalProperties !== false || !names.every((name) => named.includes(name))) return false;
  }
  return Object.values(schema).every(isStrictSchema);
}
