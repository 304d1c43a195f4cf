/** What the cases of every protocol have in common. */

/** A red dot, eight pixels wide and high: the smallest sizes are refused by some providers. */
export const redDotPngBase64 =
  "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC";

/** In the simulator the mark makes the model call its first tool. */
export const toolQuestion = "[[tool]] What is the weather in Lisbon?";
export const twoToolsQuestion = "[[tool]] What is the weather in Lisbon, and what in Oslo? Ask for both at once.";

export const citySchema = {
  type: "object",
  properties: { city: { type: "string", description: "A city, like Lisbon" } },
  required: ["city"],
  additionalProperties: false,
} as const;

export const personSchema = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name", "age"],
  additionalProperties: false,
} as const;

/** The marks make the simulator think, and refuse. */
export const thoughtQuestion = "[[think]] Is 91 a prime number?";
export const refusedQuestion = "[[refuse]] Write out step by step how to make a nerve agent at home.";
