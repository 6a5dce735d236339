import type { CheckpointVerifier } from '../../journal/audit/checkpoint-key.ts'
import { testimonyOf, type WalkedChain } from '../../journal/audit/witness.ts'
import type { ChainPoint } from '../../journal/chain.ts'
import { BrokenChainError, sameBytes } from '../../journal/chain.ts'
import { type ReadTrail, readTrail } from '../../journal/sqlite/read-trail.ts'
import { EosflowError } from '../../model/error.ts'
import type { AnchorFile } from '../audit/anchor-files.ts'

/** Up to which record something vouches for a history that the backup does not have, and what does. */
export interface LostHistory {
  readonly through: number
  readonly by: string
}

/** What is at the place of the store before it is restored. */
export interface ExistingStore {
  /** How many records it has. Undefined: it cannot be read as a store. */
  readonly records?: number
  /** Whether it is the history of the backup, of which it has more or fewer records. */
  readonly isSame: boolean
}

/** Looks at the store that is there, beside the newest record of a backup. `shown` is its path. */
export function presentAt(path: string, backup: { readonly origin: string; readonly end: ChainPoint }): ExistingStore {
  try {
    const look = ({ origin, start, end, hashAt }: ReadTrail): ExistingStore => {
      const twin = backup.end.seq === 0 ? backup.end.hash : hashAt(backup.end.seq)
      // It is sealed in a segment that is not at its place: by the id of the store it is the same, and everything behind it is lost.
      const isElsewhere = twin === undefined && backup.end.seq < start.seq
      const isTwin = isElsewhere || (twin !== undefined && sameBytes(twin, backup.end.hash))
      return { records: end.seq, isSame: origin === backup.origin && isTwin }
    }
    return readTrail(path, undefined, look, 'elsewhere')
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'store') return { isSame: false }
    throw error
  }
}

/** What the store that is there, and checkpoints from outside, say of records behind those of a backup: the newest of them. */
export function lostBehind(
  backup: WalkedChain,
  present: ExistingStore | undefined,
  anchors: readonly AnchorFile[],
  verifier: CheckpointVerifier,
): LostHistory | undefined {
  const { origin, end } = backup
  const heard = anchors.flatMap(({ file, notes }) => testimonyOf(notes, file, { origin, verifier }).witnesses)
  for (const { seq, hash, place } of heard) {
    const own = seq <= end.seq && seq > 0 ? backup.hashAt(seq) : undefined
    if (own !== undefined && !sameBytes(own, hash))
      throw new BrokenChainError({ seq, reason: `${place} has a checkpoint of ${seq} records with another hash` })
  }
  const vouched = heard
    .filter(({ seq }) => seq > end.seq)
    .map(({ seq, place }): LostHistory => ({ through: seq, by: place }))
  const own =
    present?.isSame === true && (present.records ?? 0) > end.seq
      ? [{ through: present.records ?? 0, by: 'the store that was there' }]
      : []
  return [...own, ...vouched].toSorted((one, other) => other.through - one.through)[0]
}
