/**
 * Ids of tool calls as Mistral takes them: nine letters and digits. The same id always becomes the same, so that a call and
 * its results go on matching, and nothing has to be kept (wire formats 1.8).
 */
const allowed = /^[a-zA-Z0-9]{9}$/;
const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const length = 9;

/** The id itself where it is such a one. */
export function shortId(id: string): string {
  if (allowed.test(id)) return id;
  let rest = hash(id);
  let short = "";
  for (let place = 0; place < length; place++) {
    short += digits[rest % digits.length];
    rest = Math.floor(rest / digits.length);
  }
  return short;
}

/** 52 bits, which nine such digits hold: FNV-1a from two beginnings, enough to keep the ids of a conversation apart. */
function hash(text: string): number {
  const high = fnv1a(text, 0x811c9dc5) >>> 12;
  return high * 2 ** 32 + fnv1a(text, 0x9e3779b9);
}

function fnv1a(text: string, offset: number): number {
  let mixed = offset;
  for (let at = 0; at < text.length; at++) mixed = Math.imul(mixed ^ text.charCodeAt(at), 0x01000193);
  return mixed >>> 0;
}
