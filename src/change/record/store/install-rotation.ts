import { EosflowError } from '../../../model/error.ts'
import type { EventOf } from '../event/event.ts'
import { parseEvent } from '../event/record-text.ts'
import { BrokenChainError, type ChainFault, hexOf } from '../seal/chain.ts'
import { type KeyRing, keyId, type StoreKeys } from '../seal/store-keys.ts'

export interface RotationRow {
  readonly seq: number
  readonly body: string
  readonly prev: Uint8Array
}

type Rotated = EventOf<'KeyRotated'> & { readonly key: 'install' }

export interface RotationPlace {
  readonly origin: string
  readonly before: Uint8Array
}

export function rotationOf(from: StoreKeys, to: StoreKeys, place: RotationPlace) {
  const text = agreed(place, from.check, to.check)
  const proofs = { from: from.seal(text), to: to.seal(text) }
  return { type: 'KeyRotated', key: 'install', from: from.check, to: to.check, proofs } as const
}

function agreed({ origin, before }: RotationPlace, from: string, to: string) {
  return JSON.stringify({ before: hexOf(before), from, origin, rotation: true, to })
}

export interface RotationsCase {
  readonly origin: string
  /** The check of the key that the store says it is under. */
  readonly check: string
  readonly ring: KeyRing | undefined
}

/** The first thing that is wrong with the rotations of a store, in order: each goes on from the key of the one before, and both keys have agreed. */
export function rotationFault(rows: readonly RotationRow[], its: RotationsCase): ChainFault | undefined {
  const { check } = its
  let last: { readonly seq: number; readonly to: string } | undefined
  for (const row of rows) {
    const { seq } = row
    const { from, to } = rotationIn(row)
    if (last !== undefined && last.to !== from)
      return { seq, reason: `the store was rotated to the key ${keyId(last.to)} before, and here from ${keyId(from)}` }
    const other = disagreeing(row, its)
    if (other !== undefined) return { seq, reason: `the key ${keyId(other)} has not agreed to this rotation` }
    last = { seq, to }
  }
  if (last === undefined || last.to === check) return undefined
  const reason = `the store was rotated to the key ${keyId(last.to)}, and says that it is under ${keyId(check)}`
  return { seq: last.seq, reason }
}

/** Throws `store` where a store was under a key before: whoever has stolen it could seal again. */
export function requireNewKey(rows: readonly RotationRow[], { check }: StoreKeys): void {
  if (!rows.some((row) => rotationIn(row).from === check)) return
  throw new EosflowError(
    'store',
    `the next install key ${keyId(check)} was replaced before: no store goes back to it`,
    {
      hint: 'Make another one with: openssl rand -hex 32',
    },
  )
}

/**
 * Throws `store` where a key is given as the next one that was one before, or that is the present one though the key given as that never
 * was: by a forged seal a process would go back to it.
 */
export function requireOrder(rows: readonly RotationRow[], check: string, { given: { key, next } }: KeyRing): void {
  if (next === undefined) return
  const before = new Set(rows.map((row) => rotationIn(row).from))
  const [present, coming] = [keyId(key), keyId(next)]
  if (check === next && !before.has(key))
    throw new EosflowError(
      'store',
      `the install keys are swapped: the store is under ${coming}, which is given as the next one, and was never under ${present}, which is given as the present one`,
      {
        hint: `Give ${coming} as EOSFLOW_KEY, install.key or \`key:\`, and ${present} as EOSFLOW_NEXT_KEY, install.next.key or \`nextKey:\`. Where you know that the store was under ${present} before, do not: then somebody has put it back.`,
      },
    )
  if (before.has(next))
    throw new EosflowError(
      'store',
      `the install key ${coming}, which is given as the next one, was replaced before: no store goes back to it`,
      {
        hint: 'Give it as an old one: in EOSFLOW_OLD_KEYS, as a line of install.old.keys, or by `oldKeys:` in eosflow.yaml. Make a next one with: openssl rand -hex 32',
      },
    )
}

/**
 * Goes on to the key that a store is under. Throws `store` where that is not here, or the present key and the next one are not given as they follow each
 * other; BrokenChainError where the rotations do not lead to that key.
 */
export function requireRotated(
  ring: KeyRing,
  where: string,
  { check, origin }: Omit<RotationsCase, 'ring'>,
  rows: readonly RotationRow[],
): void {
  ring.require(where, check)
  requireOrder(rows, check, ring)
  const fault = rotationFault(rows, { origin, check, ring })
  if (fault !== undefined) throw new BrokenChainError(fault)
  ring.lacking = keysLacking(rows, ring)
}

function disagreeing(row: RotationRow, { origin, ring }: RotationsCase) {
  const keys = ring === undefined ? [] : [ring, ...(ring.next === undefined ? [] : [ring.next]), ...ring.former]
  const { from, to, proofs } = rotationIn(row)
  const text = agreed({ origin, before: row.prev }, from, to)
  const isAgreed = (named: string, proof: string | undefined) =>
    keys.every((own) => own.check !== named || own.seal(text) === proof)
  if (!isAgreed(from, proofs?.from)) return from
  return isAgreed(to, proofs?.to) ? undefined : to
}

export function keysLacking(rows: readonly RotationRow[], ring: KeyRing): readonly string[] {
  const here = new Set([ring.check, ...ring.former.map(({ check }) => check)])
  return rows
    .map((row) => rotationIn(row).from)
    .filter((check) => !here.has(check))
    .map(keyId)
}

function rotationIn({ body }: RotationRow): Rotated {
  return parseEvent(body) as Rotated
}
