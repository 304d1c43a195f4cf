import { translatedParameters } from "../parameters/translated-request.ts";

/** Fields that are in neither list are unknown to both sides: dropped with a warning. */
export const anthropicParameters = translatedParameters({
  toolNames: { allowed: /^[a-zA-Z0-9_-]{1,128}$/, longest: 128 },
  translated: ["parallel_tool_calls", "user"],
});
