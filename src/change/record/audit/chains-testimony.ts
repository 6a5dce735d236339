import { definedMembers } from '../../../model/json.ts'
import { type ChainFault, REGISTER_CHAIN, sameBytes } from '../seal/chain.ts'
import {
  type ChainHead,
  type CheckpointVerifier,
  checkpointDigest,
  coversHeads,
  NO_CHECKPOINT,
  type SignedChainsCheckpoint,
} from './chains-checkpoint.ts'
import { noteOf } from './signed-note.ts'
import { chainWords, type WalkedChains } from './walked-chains.ts'

export interface ChainsWitness extends SignedChainsCheckpoint {
  readonly place: string
  /** The heads that its root is over, as far as they are known; undefined where only the root is. */
  readonly spoken?: readonly ChainHead[]
}

export interface ChainsNote {
  readonly note: string
  readonly heads?: readonly ChainHead[]
  /** When the store says that it was signed, ISO 8601 in UTC; absent where nobody says so. */
  readonly at?: string
}

export interface ChainsTestimony {
  readonly witnesses: readonly ChainsWitness[]
  readonly fault?: string
}

/** What notes from one place say about a store, as far as its key vouches for them. */
export function chainsTestimonyOf(
  notes: readonly ChainsNote[],
  place: string,
  { origin, verifier }: { readonly origin: string; readonly verifier: CheckpointVerifier },
): ChainsTestimony {
  const witnesses: ChainsWitness[] = []
  let fault: string | undefined
  for (const { note, heads, at } of notes) {
    const own = noteOf(origin, note)
    const opened = own === undefined ? undefined : verifier.openChains(own)
    if (opened === undefined) continue
    if ('fault' in opened) fault ??= `a checkpoint in ${place} is not to be trusted: ${opened.fault}`
    else if (!isSignedAt(opened, at))
      fault ??= `${place} says of checkpoint ${opened.number} that it was signed at another time than ${opened.at}`
    else witnesses.push({ ...opened, place, ...definedMembers({ spoken: heads }) })
  }
  return { witnesses, ...definedMembers({ fault }) }
}

// A signature has the second alone.
function isSignedAt({ at: signed }: Pick<SignedChainsCheckpoint, 'at'>, said: string | undefined) {
  if (said === undefined || signed === undefined) return true
  return Math.floor(Date.parse(said) / 1000) === Date.parse(signed) / 1000
}

/** What is wrong with the checkpoints of a store among each other: all are there from the first on, and each names the one before. */
export function faultBetween(own: readonly ChainsWitness[]): ChainFault | undefined {
  let before: ChainsWitness | undefined
  for (const next of own) {
    const expected = (before?.number ?? 0) + 1
    const named = before === undefined ? NO_CHECKPOINT : checkpointDigest(before)
    if (next.number > expected) return { seq: next.seq, reason: `checkpoint ${expected} is missing` }
    if (next.number < expected) return { seq: next.seq, reason: `checkpoint ${next.number} is there twice` }
    if (!sameBytes(next.before, named))
      return { seq: next.seq, reason: `checkpoint ${next.number} does not follow the one before it` }
    before = next
  }
  return undefined
}

export function faultWith(chains: WalkedChains, witnesses: readonly ChainsWitness[]): ChainFault | undefined {
  for (const witness of witnesses.toSorted((one, other) => one.number - other.number)) {
    const reason = registerReason(chains, witness) ?? headsReason(chains, witness)
    if (reason !== undefined) return { seq: witness.seq, reason: `${reason}: ${words(witness)}` }
  }
  return undefined
}

/** The first record of an export that no witness speaks of, and the last one; undefined where there is none. */
export function unspokenIn(
  chains: WalkedChains,
  witnesses: readonly ChainsWitness[],
): { readonly from: number; readonly to: number } | undefined {
  const spoken = new Map<string, number>()
  for (const { chain, n } of witnesses.flatMap((witness) => witness.spoken ?? []))
    spoken.set(chain, Math.max(n, spoken.get(chain) ?? 0))
  const places = chains.chains.flatMap((chain) => {
    const next = chains.headAt(chain, (spoken.get(chain) ?? chains.startOf(chain)) + 1)
    return next?.positions.at(-1) ?? []
  })
  return places.length === 0 ? undefined : { from: Math.min(...places), to: chains.span.newest }
}

export function faultAgainstOwn(
  own: readonly ChainsWitness[],
  outside: readonly ChainsWitness[],
): ChainFault | undefined {
  for (const witness of outside.toSorted((one, other) => one.number - other.number)) {
    const twin = own.find(({ number }) => number === witness.number)
    if (twin === undefined)
      return {
        seq: witness.seq,
        reason: `a checkpoint is missing that was there, and what it spoke of: ${words(witness)}`,
      }
    if (!sameBytes(checkpointDigest(twin), checkpointDigest(witness)))
      return { seq: witness.seq, reason: `the store has another checkpoint ${witness.number}: ${words(witness)}` }
  }
  return undefined
}

/** The first checkpoint from outside over records of an export that it may lack: those behind its newest record, and whatever the newest checkpoint is over that is not in it. */
export function faultOfAbsent(
  chains: WalkedChains,
  own: readonly ChainsWitness[],
  outside: readonly ChainsWitness[],
): ChainFault | undefined {
  const known = Math.max(0, ...own.map(({ number }) => number))
  const { first, newest } = chains.span
  for (const witness of outside) {
    const { seq, number } = witness
    if (seq > newest)
      return { seq: newest + 1, reason: `the records behind it up to ${seq} are missing: ${words(witness)}` }
    if (number > known && seq >= first)
      return { seq, reason: `${words(witness)}, which is not in the export: export it again, up to its newest record` }
  }
  return undefined
}

/** Whether a checkpoint is over a record that was walked: what was there before the first one says nothing of it. */
export function isOverWalked(chains: WalkedChains, { register, spoken = [] }: ChainsWitness): boolean {
  const points = [{ chain: REGISTER_CHAIN, n: register.n }, ...spoken]
  return (
    chains.isWhole || points.some(({ chain, n }) => n > chains.startOf(chain) && chains.headAt(chain, n) !== undefined)
  )
}

function registerReason(chains: WalkedChains, { register: { n, hash } }: ChainsWitness) {
  const found = chains.headAt(REGISTER_CHAIN, n)
  if (found === undefined && chains.lacks(REGISTER_CHAIN, n)) return `record ${n} of the register is missing`
  return found === undefined || sameBytes(found.hash, hash)
    ? undefined
    : `record ${n} of the register, or one before it, was rewritten`
}

// Each head that it speaks of is compared first, so that the one that differs is named; the root is what was signed.
function headsReason(chains: WalkedChains, witness: ChainsWitness) {
  const { spoken } = witness
  if (spoken === undefined) return undefined
  for (const head of spoken) {
    const found = chains.headAt(head.chain, head.n)
    if (found === undefined && chains.lacks(head.chain, head.n, head.positions.at(-1)))
      return `record ${head.n} of ${chainWords(head.chain)} is missing`
    if (found !== undefined && !sameBytes(found.hash, head.hash))
      return `record ${head.n} of ${chainWords(head.chain)}, or one before it, was rewritten`
    if (found !== undefined && found.positions.join() !== head.positions.join())
      return `record ${head.n} of ${chainWords(head.chain)}, or one before it, is at another place`
  }
  return coversHeads(witness, spoken)
    ? undefined
    : 'the newest records of the open executions, or their places, are not those that a checkpoint was signed over'
}

function words({ number, place, at }: ChainsWitness) {
  return `${place} has checkpoint ${number}${at === undefined ? '' : `, signed ${at}`}`
}
