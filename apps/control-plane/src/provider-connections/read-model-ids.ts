import { z } from "zod";

const mostModels = 500;
const longestId = 200;

const modelList = z.object({ data: z.array(z.object({ id: z.string() })) });

/** The model ids of an OpenAI-style list, bounded; null for anything else. */
export function readModelIds(text: string): string[] | null {
  try {
    const { data } = modelList.parse(JSON.parse(text));
    return data.slice(0, mostModels).map(({ id }) => id.slice(0, longestId));
  } catch {
    return null;
  }
}
