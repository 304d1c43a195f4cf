import { scanTopLevel } from "../json/scan-top-level.ts";
import { decodeUtf8, withoutByteOrderMark } from "../text/utf8.ts";
import { longestProviderMessage } from "./failure-signs.ts";

const lineFeed = 0x0a;

/** What stands before the JSON of a failure that is told as the one event of a stream. */
const eventFields = /^(?:(?:event|id): ?[^\r\n]{0,100}\s+)*data: ?(?=[{[])/;

/**
 * The value that a failure's body holds. A body that is no JSON is the sentence itself, unless it is the page of something
 * in between: then undefined.
 */
export function readErrorBody(received: Uint8Array): unknown {
  const unmarked = withoutByteOrderMark(received);
  const beginning = decodeUtf8(unmarked.subarray(0, longestProviderMessage));
  const fields = eventFields.exec(beginning.trimStart())?.[0];
  const body = fields === undefined ? unmarked : lineFrom(unmarked, beginning.indexOf(fields) + fields.length);
  const scan = scanTopLevel(body);
  if (scan.ok || scan.problem === "not_an_object") return JSON.parse(decodeUtf8(body));
  const text = decodeUtf8(body.subarray(0, longestProviderMessage)).trim();
  return scan.problem !== "not_json" || /^[<{[]/.test(text) ? undefined : text;
}

/** The rest of a line, of which all that stands before is ASCII. */
function lineFrom(bytes: Uint8Array, start: number): Uint8Array {
  const end = bytes.indexOf(lineFeed, start);
  return bytes.subarray(start, end === -1 ? bytes.length : end);
}
