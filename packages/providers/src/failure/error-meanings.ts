import type { FailureClass } from "@switchyard/metering/usage-event";

/** What codes and types of errors mean at one kind of server, where they mean something else elsewhere; in lower case. */
export type ErrorMeanings = { readonly [name: string]: FailureClass };

export const usualMeanings: ErrorMeanings = {};
