/**
 * Id and model of an answer whose provider told none: the official SDK's helper keeps nothing of a chunk without an id,
 * its usage included, and a model is then what the client asked for.
 */
export function answerHead(
  id: string | null,
  model: string | null,
  createdSeconds: number,
  request: Readonly<Record<string, unknown>>,
): { readonly id: string; readonly model: unknown } {
  return { id: id ?? `chatcmpl-${createdSeconds}`, model: model ?? request["model"] ?? null };
}
