/** Choices that a key determines: the same key gets the same member, whichever process is asked. */

/**
 * Puts members in the order of their weighted rendezvous scores for a key (Schindelhauer and Schomaker, "Weighted
 * Distributed Hash Tables"). Over many keys each member is first as often as its weight says, and where one comes or
 * goes only the keys that it gains or loses move. Members of weight zero are left out.
 */
export function orderByKey<Member extends { readonly memberId: string; readonly weight: number }>(
  members: readonly Member[],
  key: string,
): Member[] {
  return members
    .filter(({ weight }) => weight > 0)
    .map((member) => ({ member, score: -member.weight / Math.log(unitOf(`${key}\n${member.memberId}`)) }))
    .toSorted((left, right) => right.score - left.score)
    .map(({ member }) => member);
}

/** A number between 0 and 1, both excluded, that the text determines. */
export function unitOf(text: string): number {
  return (hashOf(text) + 0.5) / 2 ** 32;
}

/** FNV-1a over UTF-16 units, then the finaliser of MurmurHash3, because the last characters barely reach FNV's high bits. */
function hashOf(text: string): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
