import { type ChainsWitness, chainsTestimonyOf, faultWith } from '../../../change/record/audit/chains-testimony.ts'
import type { CheckpointVerifier } from '../../../change/record/audit/checkpoint-key.ts'
import type { ChainsTrail } from '../../../change/record/chains/read-trail.ts'
import { BrokenChainError } from '../../../change/record/seal/chain.ts'
import { lookAtRecords } from '../../../change/record/sqlite/read-chains.ts'
import { EosflowError } from '../../../model/error.ts'
import type { AnchorFile } from '../../app/store/anchor-files.ts'

/** Up to which record something vouches for a history that the backup does not have, and what does. */
export interface LostHistory {
  readonly through: number
  readonly by: string
}

/** What is at the place of the store before it is restored. */
export interface ExistingStore {
  /** The newest position in it. Undefined: it cannot be read as a store. */
  readonly records?: number
  /** Whether it is the history of the backup, of which it has more or fewer records. */
  readonly isSame: boolean
}

/** Looks at the store that is there, beside the newest record of each chain of a backup. */
export function presentAt(path: string, { chains }: ChainsTrail): ExistingStore {
  try {
    const heads = chains.chains.map((chain) => chains.head(chain))
    const { origin, newest, isOther } = lookAtRecords(path, heads)
    return { records: newest, isSame: origin === chains.origin && !isOther }
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'store') return { isSame: false }
    throw error
  }
}

/** What the store that is there, and checkpoints from outside, say of records behind those of a backup: the newest of them. */
export function lostBehind(
  { chains, notes }: ChainsTrail,
  { file, anchors }: { readonly file: string; readonly anchors: readonly AnchorFile[] },
  present: ExistingStore | undefined,
  verifier: CheckpointVerifier,
): LostHistory | undefined {
  const { origin, span } = chains
  const heard = (place: string, given: typeof notes): readonly ChainsWitness[] =>
    chainsTestimonyOf(given, place, { origin, verifier }).witnesses
  const witnesses = [
    ...heard(file, notes),
    ...anchors.flatMap((anchor) =>
      heard(
        anchor.file,
        anchor.notes.map((note) => ({ note })),
      ),
    ),
  ]
  const fault = faultWith(
    chains,
    witnesses.filter(({ seq }) => seq <= span.newest),
  )
  if (fault !== undefined) throw new BrokenChainError(fault)
  const vouched = witnesses
    .filter(({ seq }) => seq > span.newest)
    .map(({ seq, place }): LostHistory => ({ through: seq, by: place }))
  const { isSame = false, records = 0 } = present ?? {}
  const own = isSame && records > span.newest ? [{ through: records, by: 'the store that was there' }] : []
  return [...own, ...vouched].toSorted((one, other) => other.through - one.through)[0]
}
