/** One event of a stream of Responses; numbered where it is sent. */
export type ResponseEvent = Readonly<Record<string, unknown>> & { readonly type: string };
