/** The sum of no seals, and the digest of no records: 32 zero bytes. */
export const NOTHING_SEALED: Uint8Array = new Uint8Array(32)

/** The sum of seals, bit by bit without carry: a seal that is added twice is out of it again. */
export function summed(sum: Uint8Array, seal: Uint8Array): Uint8Array {
  return sum.map((byte, at) => byte ^ (seal[at] ?? 0))
}

/** The sum of the seals of all these. */
export function sumOf(sealed: readonly { readonly seal: Uint8Array }[]): Uint8Array {
  return sealed.reduce<Uint8Array>((before, { seal }) => summed(before, seal), NOTHING_SEALED)
}
