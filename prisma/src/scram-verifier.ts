import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

/** What PostgreSQL itself would choose. */
const defaultIterations = 4096;
const keyBytes = 32;

/**
 * The form in which PostgreSQL stores a password (RFC 5803, SCRAM-SHA-256): from it nobody can log in, but a login can be
 * checked. For ASCII passwords only, for which SASLprep changes nothing.
 */
export function scramVerifier(password: string, salt = randomBytes(16), iterations = defaultIterations): string {
  const saltedPassword = pbkdf2Sync(password, salt, iterations, keyBytes, "sha256");
  const clientKey = createHmac("sha256", saltedPassword).update("Client Key").digest();
  const storedKey = createHash("sha256").update(clientKey).digest("base64");
  const serverKey = createHmac("sha256", saltedPassword).update("Server Key").digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}
