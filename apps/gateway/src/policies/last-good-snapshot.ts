import { mkdir, open, readFile, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import type { PublishedRevision } from "./activate-revision.ts";

const headerSchema = z.strictObject({
  format: z.literal("switchyard-policy-1"),
  number: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * The last policy revision that ran well, on disk, so that a process starts without the database. One header line, then
 * the content as it was published; whoever activates it checks the content against its SHA-256 again.
 */
export class LastGoodSnapshot {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Null where there is none, or none that can be read; a damaged file is the same as no file. */
  async read(): Promise<PublishedRevision | null> {
    const text = await readFile(this.#path, "utf8").catch(() => null);
    const end = text?.indexOf("\n") ?? -1;
    if (text === null || end < 0) return null;
    const header = parseHeader(text.slice(0, end));
    if (header === null) return null;
    return { number: header.number, sha256: header.sha256, content: text.slice(end + 1) };
  }

  /** Replaces the snapshot in one step: a reader, or a crash, sees the old one or the new one and nothing between. */
  async write(revision: PublishedRevision): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const temporaryPath = `${this.#path}.${process.pid}.tmp`;
    const header = { format: "switchyard-policy-1", number: revision.number, sha256: revision.sha256 };
    try {
      const file = await open(temporaryPath, "w", 0o600);
      try {
        await file.writeFile(`${JSON.stringify(header)}\n${revision.content}`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporaryPath, this.#path);
    } catch (error) {
      await unlink(temporaryPath).catch(() => undefined);
      throw error;
    }
  }
}

function parseHeader(line: string): z.infer<typeof headerSchema> | null {
  try {
    return headerSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
