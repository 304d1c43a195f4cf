/**
 * The accounting invariants (DESIGN section 5), each in a file of its own. Pure, and written against the histories alone, so
 * that a mistake of the product cannot hide in it.
 */
import { billedOnce } from "./billed-once.ts";
import { closedOnce } from "./closed-once.ts";
import { conserved } from "./conserved.ts";
import { heldFirst } from "./held-first.ts";
import { feeExact } from "./fee-exact.ts";
import type { Finding, Histories } from "./histories.ts";
import { honestAnswers } from "./honest-answers.ts";
import { notMinted } from "./not-minted.ts";
import { prefixes } from "./prefixes.ts";
import { withinBudget } from "./within-budget.ts";

export async function checkInvariants(histories: Histories): Promise<Finding[]> {
  return [
    closedOnce(histories),
    heldFirst(histories),
    conserved(histories),
    withinBudget(histories),
    notMinted(histories),
    await prefixes(histories),
    honestAnswers(histories),
    feeExact(histories),
    billedOnce(histories),
  ];
}
