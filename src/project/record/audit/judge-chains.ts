import {
  type ChainsNote,
  type ChainsWitness,
  chainsTestimonyOf,
  faultAgainstOwn,
  faultBetween,
  faultOfAbsent,
  faultWith,
  isOverWalked,
  unspokenIn,
} from '../../../change/record/audit/chains-testimony.ts'
import { faultOfMirrors } from '../../../change/record/audit/mirrors.ts'
import type { WalkedChains } from '../../../change/record/audit/walked-chains.ts'
import type { ChainFault } from '../../../change/record/seal/chain.ts'
import { REGISTER_CHAIN } from '../../../change/record/seal/link.ts'
import type { AuditVerification } from '../../../report/event-words/audit-verification.ts'
import type { Measure } from './measure.ts'
import { judgeDecisions } from './signed-decisions.ts'
import { staleness } from './staleness.ts'

/** The chains of a store or of an export, the checkpoints that are with them, when their records were written. */
export interface ChainsEvidence {
  readonly chains: WalkedChains
  readonly notes: readonly ChainsNote[]
  /** Whether it has every chain from a position on, and every checkpoint over what it has. */
  readonly isExport?: boolean
  /** When the first record at or behind a position was written, ISO 8601 in UTC. */
  timeOf(pos: number): string | undefined
}

/** Holds chains against their checkpoints and those from outside. Of a store, which has all of its checkpoints, `measure.now` is given. */
export function judgedChains(
  evidence: ChainsEvidence,
  source: string,
  { verifier, anchors, now }: Measure,
): AuditVerification {
  const { chains, notes } = evidence
  const isStore = now !== undefined
  const isExport = evidence.isExport === true
  const own = heard(chains, source, notes, verifier)
  const outside = anchors.map(({ file, notes: given }) =>
    heard(
      chains,
      file,
      given.map((note) => ({ note })),
      verifier,
    ),
  )
  const brought = outside.flatMap(({ witnesses }) => witnesses)
  const speaking = (witnesses: readonly ChainsWitness[]): readonly ChainsWitness[] =>
    witnesses.filter(({ lost }) => lost === undefined)
  const vouchersAmong = (witnesses: readonly ChainsWitness[]): readonly ChainsWitness[] =>
    speaking(witnesses).filter((witness) => isOverWalked(chains, witness))
  const vouching = speaking([...own.witnesses, ...brought.map((witness) => twinOf(witness, own.witnesses))])
  const broken =
    chains.fault ??
    faultOfMirrors(chains, chains.mirrors) ??
    doubtOf(own.fault) ??
    (isStore ? faultBetween(own.witnesses) : undefined) ??
    faultWith(chains, [...own.witnesses, ...brought]) ??
    (isStore ? faultAgainstOwn(own.witnesses, brought) : undefined) ??
    (isExport ? faultOfAbsent(chains, own.witnesses, brought) : undefined)
  const doubt = doubtOf(outside.find(({ fault }) => fault !== undefined)?.fault)
  const { fault: unsigned, ...signed } = judgeDecisions(chains.decisions)
  const { first, newest } = chains.span
  return {
    source,
    origin: chains.origin,
    from: first,
    to: newest,
    records: chains.records,
    root: Buffer.from(chains.head(REGISTER_CHAIN).hash).toString('base64'),
    fault: broken ?? doubt ?? unsigned,
    // A batch has the checkpoint before its first record, too, which the batch before may have.
    own: new Set(vouchersAmong(own.witnesses).map(({ number }) => number)).size,
    anchors: vouchersAmong(brought).length,
    keyed: verifier !== undefined,
    retirements: chains.retirements,
    signed,
    lost: own.witnesses.length + brought.length - speaking([...own.witnesses, ...brought]).length,
    stale: staleness({ end: newest, timeOf: (seq) => evidence.timeOf(seq) }, speaking(brought), now),
    unvouched: isStore || vouching.length === 0 ? undefined : unspokenIn(chains, vouching),
  }
}

const doubtOf = (reason: string | undefined): ChainFault | undefined =>
  reason === undefined ? undefined : { seq: 0, reason }

/** What a checkpoint from outside speaks of is kept with the same one here: the root that is signed outside is over these heads. */
function twinOf(witness: ChainsWitness, own: readonly ChainsWitness[]): ChainsWitness {
  const twin = own.find(({ number, note }) => number === witness.number && note === witness.note)
  return twin?.spoken === undefined ? witness : { ...witness, spoken: twin.spoken }
}

function heard(
  { origin }: WalkedChains,
  place: string,
  notes: readonly ChainsNote[],
  verifier: Measure['verifier'],
): ReturnType<typeof chainsTestimonyOf> {
  return verifier === undefined ? { witnesses: [] } : chainsTestimonyOf(notes, place, { origin, verifier })
}
