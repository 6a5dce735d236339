import { type ChainFault, type ChainPoint, sameBytes } from '../chain.ts'
import type { SignedCheckpoint } from './checkpoint.ts'
import type { CheckpointVerifier } from './checkpoint-key.ts'
import { noteOf } from './checkpoint-notes.ts'

/** A signed checkpoint that a chain is held against, and where it comes from. */
export interface Witness extends SignedCheckpoint {
  /** How messages name its place: `the store`, or a file. */
  readonly place: string
}

/** The chain as far as it was walked: every row up to `end` follows the one before. */
export interface WalkedChain {
  readonly origin: string
  /** Where the walk began. */
  readonly start: ChainPoint
  readonly end: ChainPoint
  readonly fault?: ChainFault
  /** The hash of a record between `start` and `end`. */
  hashAt(seq: number): Uint8Array | undefined
}

/** Notes that speak of a chain: good witnesses, how many are of other stores, and the first that is not what it says. */
export interface Testimony {
  readonly witnesses: readonly Witness[]
  readonly others: number
  readonly fault?: string
}

/** What notes from one place say about the chain of an origin, as far as its key vouches for them. */
export function testimonyOf(
  notes: readonly string[],
  place: string,
  { origin, verifier }: { readonly origin: string; readonly verifier: CheckpointVerifier },
): Testimony {
  const own = notes.map((note) => noteOf(origin, note)).filter((note) => note !== undefined)
  const witnesses: Witness[] = []
  let fault: string | undefined
  for (const note of own) {
    const opened = verifier.open(note)
    if ('fault' in opened) fault ??= `a checkpoint in ${place} is not to be trusted: ${opened.fault}`
    else witnesses.push({ ...opened, place })
  }
  return { witnesses, others: notes.length - own.length, ...(fault === undefined ? {} : { fault }) }
}

/** The first record that is not what was signed, by the walk itself or by the first witness that the chain does not agree with. */
export function faultOf(walked: WalkedChain, witnesses: readonly Witness[]): ChainFault | undefined {
  const { start, end, fault } = walked
  let good = start.seq
  const inOrder = witnesses.filter(({ seq }) => seq >= start.seq).sort((one, other) => one.seq - other.seq)
  for (const witness of inOrder) {
    if (witness.seq > end.seq) return fault ?? { seq: end.seq + 1, reason: cutReason(witness) }
    const hash = witness.seq === start.seq ? start.hash : walked.hashAt(witness.seq)
    if (hash === undefined || !sameBytes(hash, witness.hash)) {
      return { seq: Math.min(good + 1, witness.seq), reason: rewrittenReason(witness, good) }
    }
    good = witness.seq
  }
  return fault
}

function cutReason({ seq, at, place }: Witness): string {
  return `the record is missing: ${place} has a checkpoint of ${seq} records${signedAt(at)}`
}

function rewrittenReason({ seq, at, place }: Witness, good: number): string {
  const which = seq - good <= 1 ? 'it' : `it or one of those up to record ${seq}`
  return `${which} was rewritten: ${place} has a checkpoint of ${seq} records with another hash${signedAt(at)}`
}

const signedAt = (at: string | undefined): string => (at === undefined ? '' : `, signed ${at}`)
