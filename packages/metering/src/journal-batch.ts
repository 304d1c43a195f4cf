/** What a batch of a journal is called: it says what is in it, so that the same name never means anything else. */
export function journalBatchId(bootId: string, segment: number, from: number, to: number): string {
  return `${bootId}.${segment}.${from}-${to}`;
}

/** The boot of the gateway process that saw what is in the batch. */
export function bootOfBatch(batchId: string): string {
  return batchId.split(".", 1)[0] ?? batchId;
}
