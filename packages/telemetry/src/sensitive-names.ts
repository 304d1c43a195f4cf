/*
 * Which field names promise a secret. Names are compared without case, hyphens and underscores, so `x-api-key`,
 * `X_API_KEY` and `xApiKey` are one name.
 */
const secretName =
  /authorization|cookie|apikey|accesskey|privatekey|secretkey|masterkey|encryptionkey|signingkey|sshkey|passw|passphrase|passcode|secret|credential|pepper|bearer|dsn$|connectionstring|databaseurl|redisurl|^auth$|^otp$|^pwd$|^jwt$/;
const textName = /token(?!s|iz)|^key$/;

// `credentialId`, `tokenCount` and `apiKeyName` describe a secret; they do not hold one. Judged by the last whole word.
const descriptiveWords = new Set(
  "id ids hint four count kind type name status state at ms seconds limit rate price usage revision version length enabled".split(
    " ",
  ),
);

/** What a field name says about its value: it is secret, it is secret where it is text (token counts are numbers), or nothing. */
export type Sensitivity = "secret" | "secret-text" | "plain";

/** Judges a field, header or query name. */
export function sensitivityOf(name: string): Sensitivity {
  const start = name.slice(0, 256);
  const bare = start.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const isSecret = secretName.test(bare);
  if (!isSecret && !textName.test(bare)) return "plain";
  const lastWord = /(?:[A-Z]?[a-z0-9]+|[A-Z0-9]+)$/.exec(start)?.[0].toLowerCase();
  if (lastWord !== undefined && lastWord !== bare && descriptiveWords.has(lastWord)) return "plain";
  return isSecret ? "secret" : "secret-text";
}
