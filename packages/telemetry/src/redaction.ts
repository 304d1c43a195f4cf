/*
 * Takes secrets out of text that is about to leave the process (logs, errors shown to clients, metric labels). Every
 * pattern starts at a literal and repeats one character class at a time, so the time is linear in the text.
 */
export const redacted = "[redacted]";

interface RedactionRule {
  readonly pattern: RegExp;
  readonly replacement: string;
}

const secretNames = String.raw`(?:api|access|secret|private|master|signing|encryption)[-_ ]?key(?: provided)?|secret|token|passw(?:or)?d|passphrase|pwd|credentials?|pepper`;
const headerNames = String.raw`\b(?:set-)?cookie|\b(?:proxy-)?authorization`;
// Between a name and its value, as headers, query strings and JSON write it, or JSON inside a JSON string.
const separator = String.raw`\\?["']?\s{0,4}[:=]\s{0,4}`;

const rules: readonly RedactionRule[] = [
  // A block that is cut off before its end is redacted to the end of the text.
  { pattern: /-----BEGIN [A-Z0-9 ]{1,40}-----[^]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g, replacement: redacted },
  // Connection strings may carry "/" and "@" in an unescaped password; other URLs end their user part at the first "/".
  {
    pattern:
      /\b(postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|valkeys?|amqps?):\/\/(?:(?!:\/\/)[^\s"'<>]){1,1024}@/gi,
    replacement: `$1://${redacted}@`,
  },
  { pattern: /:\/\/[^\s/"'<>]{1,1024}@/g, replacement: `://${redacted}@` },
  // name: "value", to the same quote; then the same inside a JSON string; then without quotes, to the next delimiter.
  named(`${secretNames}|${headerNames}`, String.raw`(["'])(?:\\.|(?!\3)[^\\\r\n]){1,8192}`),
  named(`${secretNames}|${headerNames}`, String.raw`(\\["'])[^"'\\\r\n]{1,8192}`),
  named(headerNames, String.raw`()(?!["'\\\s]|\[redacted\])[^\r\n]{1,8192}`),
  named(secretNames, String.raw`()(?!\[redacted\])[^\s"'&,;<>)}\]\\]{1,8192}`),
  {
    pattern: /([?&](?:key|sig|signature|auth|code)=)(?!\[redacted\])[^\s"'&#<>]{1,8192}/gi,
    replacement: `$1${redacted}`,
  },
  { pattern: /\b(bearer(?:\s{1,4}|%20|\+))(?!\[redacted\])[^\s"',;<>]{8,}/gi, replacement: `$1${redacted}` },
  {
    // Ours wherever they stand; those of others only where a word starts, so that "task-" and "risk-" stay readable.
    pattern:
      /(?:sk-sy-|sy-admin-|(?<![A-Za-z0-9])(?:sk-|pk-|rk-|xai-|pplx-|nvapi-|xox[abeprs]-|gsk_|hf_|r8_|fw_|gh[opsur]_|github_pat_|glpat-|[rs]k_live_|[rs]k_test_|whsec_))[A-Za-z0-9_-]{8,}/g,
    replacement: redacted,
  },
  { pattern: /AIza[A-Za-z0-9_-]{20,}|(?:AKIA|ASIA)[A-Z0-9]{12,}/g, replacement: redacted },
  { pattern: /eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,4}/g, replacement: redacted },
  // Thirty-two bytes in base64: the shape of a master key.
  { pattern: /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=(?!=)/g, replacement: redacted },
];

// Most text holds no secret; three cheap looks say so. Every rule's literal must be covered by one of them (a test does).
const tokenLiteral =
  /sk-|sy-admin-|pk-|rk-|xai-|pplx-|nvapi-|xox[abeprs]-|gsk_|hf_|r8_|fw_|gh[opsur]_|_pat_|glpat-|_live_|_test_|whsec_|AIza|AKIA|ASIA|eyJ|-----BEGIN/;
const namedLiteral =
  /(?:key(?: provided)?|secret|token|passw(?:or)?d|passphrase|pwd|credentials?|pepper|cookie|authorization|sig|signature|auth|code)\\?["']?\s{0,4}[:=]|:\/\/|bearer/i;

/** The text with everything that looks like a secret replaced by "[redacted]". Linear in the length; never throws. */
export function redactSecrets(text: string): string {
  if (!tokenLiteral.test(text) && !namedLiteral.test(text) && !text.includes("=")) return text;
  let result = text;
  for (const { pattern, replacement } of rules) result = result.replace(pattern, replacement);
  return result;
}

// `value` must capture its opening quote, or nothing, as the third group.
function named(names: string, value: string): RedactionRule {
  return { pattern: new RegExp(`(${names})(${separator})${value}`, "gi"), replacement: `$1$2$3${redacted}` };
}
