import { translatedParameters } from "../parameters/translated-request.ts";

/** Fields that are in neither list are unknown to both sides: dropped with a warning. */
export const anthropicParameters = translatedParameters({
  translated: ["parallel_tool_calls", "user"],
});
