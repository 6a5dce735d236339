import { approvalChallenge, reviewVerifies, serverVerifies, statementText } from '../../../change/policy/approval.ts'
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
import type { CheckpointVerifier } from '../../../change/record/audit/checkpoint-key.ts'
import { faultOfMirrors, type KeptDecision, type WalkedChains } from '../../../change/record/audit/walked-chains.ts'
import type { ChainFault } from '../../../change/record/seal/chain.ts'
import { REGISTER_CHAIN } from '../../../change/record/seal/link.ts'
import type { ApprovalSignature, ApprovalStatement } from '../../../model/approval.ts'
import { EosflowError } from '../../../model/error.ts'
import type { AuditVerification } from '../../../report/event-words/audit-verification.ts'
import type { AnchorFile } from '../../app/store/lost-store.ts'
import { assertionFault } from '../../identity/passkey/webauthn-key.ts'
import {
  APPROVAL_NAMESPACE,
  ED25519,
  readSshSignature,
  sshKeyType,
  verifiesEd25519,
} from '../../identity/ssh/ssh-allowed-signers.ts'
import type { WordedHost } from '../../system/process/host.ts'

const HOUR = 3_600_000
// A checkpoint a day, and an hour for it to arrive.
const LONGEST_SILENCE = 25 * HOUR

interface RecordTimes {
  readonly end: number
  // ISO 8601 in UTC.
  timeOf(seq: number): string | undefined
}

interface OutsideCheckpoint {
  readonly seq: number
  readonly at: string | undefined
}

function staleness({ end, timeOf }: RecordTimes, anchors: readonly OutsideCheckpoint[], now: number | undefined) {
  const newest = anchors.toSorted((one, other) => one.seq - other.seq).at(-1)
  const mend = 'somebody who can write to the store and has its key could have removed or rewritten newer records'
  if (newest === undefined) return `no checkpoint from outside vouches for it: ${mend}`
  const since = timeOf(newest.seq + 1)
  const latest = now ?? Date.parse(timeOf(end) ?? '')
  if (newest.seq < end && since !== undefined && latest - Date.parse(since) > HOUR)
    return `the records from ${newest.seq + 1} on are in no checkpoint from outside, since ${since}: ${mend}`
  if (now === undefined) return undefined
  // One from the time to come was signed while a clock was wrong: it would be fresh until then.
  const ages = anchors.map(({ at }) => now - Date.parse(at ?? ''))
  if (ages.some((age) => age >= -HOUR && age <= LONGEST_SILENCE)) return undefined
  return `the newest checkpoint from outside is more than a day old: ${mend}`
}

export interface ChainsEvidence {
  readonly chains: WalkedChains
  readonly notes: readonly ChainsNote[]
  readonly isExport?: boolean
  /** When the first record at or behind a position was written, ISO 8601 in UTC. */
  timeOf(pos: number): string | undefined
}

/** Of a store, which has all of its checkpoints, `measure.now` is given. */
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
  const speaking = (witnesses: readonly ChainsWitness[]) => witnesses.filter(({ lost }) => lost === undefined)
  const vouchersAmong = (witnesses: readonly ChainsWitness[]) =>
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

function twinOf(witness: ChainsWitness, own: readonly ChainsWitness[]) {
  const twin = own.find(({ number, note }) => number === witness.number && note === witness.note)
  return twin?.spoken === undefined ? witness : { ...witness, spoken: twin.spoken }
}

function heard({ origin }: WalkedChains, place: string, notes: readonly ChainsNote[], verifier: Measure['verifier']) {
  return verifier === undefined ? { witnesses: [] } : chainsTestimonyOf(notes, place, { origin, verifier })
}

function judgeDecisions(decisions: readonly KeptDecision[]) {
  const judged = decisions.flatMap(({ seq, statement, signature }) =>
    signature === undefined || signature.kind === 'seal' ? [] : [{ seq, verdict: verdictOn(statement, signature) }],
  )
  const bad = judged.find(({ verdict }) => verdict === 'bad')
  return {
    verified: judged.filter(({ verdict }) => verdict === 'good').length,
    // Signed by an SSH key of a kind that only `ssh-keygen` verifies.
    unchecked: judged.filter(({ verdict }) => verdict === 'unchecked').length,
    fault: bad && { seq: bad.seq, reason: 'the signature of the decision is not one over its statement' },
  }
}

function verdictOn(statement: ApprovalStatement, signature: Exclude<ApprovalSignature, { readonly kind: 'seal' }>) {
  switch (signature.kind) {
    case 'server':
      return serverVerifies(statement, signature) ? 'good' : 'bad'
    case 'review':
      return reviewVerifies(statement, signature) ? 'good' : 'bad'
    case 'webauthn': {
      const demand = { challenge: approvalChallenge(statement), key: Buffer.from(signature.key, 'base64') }
      return assertionFault(signature, demand) === undefined ? 'good' : 'bad'
    }
    case 'ssh':
      return sshVerdict(statement, signature.armored)
  }
}

function sshVerdict(statement: ApprovalStatement, armored: string) {
  try {
    const signature = readSshSignature(armored)
    if (signature.namespace !== APPROVAL_NAMESPACE) return 'bad'
    if (sshKeyType(signature.key) !== ED25519) return 'unchecked'
    return verifiesEd25519(statementText(statement), signature) ? 'good' : 'bad'
  } catch (error) {
    if (error instanceof EosflowError) return 'bad'
    throw error
  }
}

export interface Measure extends WordedHost {
  readonly verifier: CheckpointVerifier | undefined
  readonly anchors: readonly AnchorFile[]
  /** Milliseconds since the epoch; undefined for an export, which is as old as it is. */
  readonly now: number | undefined
}
