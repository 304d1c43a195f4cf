/** One file from the control plane into the browser's own storage, with word of how far it is. */
import { ControlPlaneError } from "../../control-plane/call-operation.ts";
import { countRecords } from "./count-records.ts";

export interface DownloadProgress {
  readonly bytes: number;
  /** Null where the file has no lines to count. */
  readonly records: number | null;
}

export interface FileToDownload {
  readonly url: string;
  /** How its records stand in it; null: not as lines. */
  readonly lines: { readonly isQuoted: boolean; readonly headLines: number } | null;
}

export interface DownloadedFile {
  readonly blob: Blob;
  readonly name: string;
}

/** What has arrived is handed to the browser in such pieces, which it may keep on disk. */
const pieceBytes = 8 * 1024 * 1024;

/** Throws where the answer is none or breaks off, and with the signal's reason when it is given up. */
export async function downloadFile(
  { url, lines }: FileToDownload,
  onProgress: (progress: DownloadProgress) => void,
  signal: AbortSignal,
): Promise<DownloadedFile> {
  const response = await fetch(url, { credentials: "same-origin", signal });
  if (!response.ok || response.body === null) {
    throw new ControlPlaneError(response.status, "unexpected_answer", `The control plane answered ${response.status}.`);
  }
  const counter = lines === null ? null : countRecords(lines);
  const pieces: Blob[] = [];
  let fresh: Uint8Array<ArrayBuffer>[] = [];
  let freshBytes = 0;
  let bytes = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    fresh.push(value);
    freshBytes += value.byteLength;
    bytes += value.byteLength;
    counter?.take(value);
    if (freshBytes >= pieceBytes) {
      pieces.push(new Blob(fresh));
      fresh = [];
      freshBytes = 0;
    }
    onProgress({ bytes, records: counter?.records ?? null });
  }
  return { blob: new Blob([...pieces, ...fresh]), name: nameOf(response, url) };
}

function nameOf(response: Response, url: string): string {
  const named = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  return named ?? url.split("?", 1)[0]?.split("/").at(-1) ?? "download";
}

/** Lets the browser save it as it saves any download. */
export function saveFile({ blob, name }: DownloadedFile): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to copy it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
