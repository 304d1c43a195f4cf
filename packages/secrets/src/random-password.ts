import { randomBytes } from "node:crypto";

// 32 characters that no font makes look alike, so five bits of randomness choose one without bias.
const alphabet = "23456789abcdefghijkmnpqrstuvwxyz";
const groups = 5;
const charactersPerGroup = 5;

/** A readable random password: five groups of five characters joined by hyphens, 125 bits of entropy. */
export function generatePassword(): string {
  const characters = Array.from(randomBytes(groups * charactersPerGroup), (byte) => alphabet.charAt(byte & 31));
  return Array.from({ length: groups }, (_, group) =>
    characters.slice(group * charactersPerGroup, (group + 1) * charactersPerGroup).join(""),
  ).join("-");
}
