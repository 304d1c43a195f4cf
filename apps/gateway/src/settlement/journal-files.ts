import { closeSync, fdatasync, ftruncateSync, openSync, writeSync } from "node:fs";

/** The file operations of the journal, so that a test can make each of them fail. */
export interface JournalFiles {
  open(path: string): number;
  /** May write less than asked, as the system call may. */
  write(descriptor: number, bytes: Uint8Array, offset: number): number;
  truncate(descriptor: number, length: number): void;
  sync(descriptor: number): Promise<void>;
  close(descriptor: number): void;
}

export const nodeJournalFiles: JournalFiles = {
  open: (path) => openSync(path, "ax", 0o600),
  write: (descriptor, bytes, offset) => writeSync(descriptor, bytes, offset),
  truncate: (descriptor, length) => ftruncateSync(descriptor, length),
  sync: (descriptor) =>
    new Promise((resolve, reject) => {
      fdatasync(descriptor, (error) => (error === null ? resolve() : reject(error)));
    }),
  close: (descriptor) => closeSync(descriptor),
};
