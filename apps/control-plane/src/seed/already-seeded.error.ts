/** The database has an organisation; the seed leaves it alone. */
export class AlreadySeededError extends Error {
  override readonly name = "AlreadySeededError";
}
