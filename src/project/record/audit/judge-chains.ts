import { approvalChallenge, reviewVerifies, serverVerifies, statementText } from '../../../change/policy/approval.ts'
import type { CheckpointVerifier } from '../../../change/record/audit/chains-checkpoint.ts'
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
import { faultOfMirrors, type KeptDecision, type WalkedChains } from '../../../change/record/audit/walked-chains.ts'
import type { ChainsTrail } from '../../../change/record/chains/read-trail.ts'
import { BrokenChainError, type ChainFault, REGISTER_CHAIN } from '../../../change/record/seal/chain.ts'
import { isHindrance } from '../../../change/record/sqlite/connection.ts'
import { OutageError } from '../../../change/record/store/journal.ts'
import type { ApprovalSignature, ApprovalStatement } from '../../../model/approval.ts'
import { EosflowError, messageOf } from '../../../model/error.ts'
import type { InstallKeys } from '../../../model/install-keys.ts'
import type { AuditVerification } from '../../../report/event-words/audit-verification.ts'
import type { AnchorFile } from '../../app/store/lost-store.ts'
import type { FoundLostTail } from '../../app/store/missing-records.ts'
import { lostWords } from '../../app/store/missing-words.ts'
import { assertionFault } from '../../identity/passkey/webauthn-key.ts'
import {
  APPROVAL_NAMESPACE,
  ED25519,
  readSshSignature,
  sshKeyType,
  verifiesEd25519,
} from '../../identity/ssh/ssh-allowed-signers.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { InputError } from '../../system/process/input-error.ts'

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

export interface StoreEvidence {
  readonly installKey?: InstallKeys
  readonly verifier?: CheckpointVerifier
}

export type JudgedStore = AuditVerification & Pick<ChainsTrail, 'missing' | 'missed'>

/** `source` is where it was read. */
export function judgedTrail(
  trail: ChainsTrail,
  source: string,
  { installKey, verifier: beside }: StoreEvidence,
  measure: Measure,
): JudgedStore {
  const verifier = measure.verifier ?? (trail.keyed || installKey === undefined ? beside : undefined)
  const { lacking, unread, missing, missed } = trail
  const found = { ...judgedChains(trail, source, { ...measure, verifier }), lacking, unread, missing, missed }
  // The store itself names its key, so who rewrites a store can name another: what nothing vouches for then does not hold.
  const isStrange = installKey !== undefined && !trail.keyed && measure.verifier === undefined
  if (installKey === undefined && found.fault === undefined) return { ...found, unjudged: UNJUDGED }
  return withFault(found, isStrange ? otherKey(measure) : undefined)
}

/** The same with a fault, where there is a reason and no fault was found before. */
export function withFault<Found extends AuditVerification>(found: Found, reason: string | undefined, seq = 0): Found {
  return found.fault !== undefined || reason === undefined ? found : { ...found, fault: { seq, reason } }
}

// Seals and texts are under the install key alone: whoever has it not can say nothing of them.
const UNJUDGED = 'the install key is not here, so no seal of the newest records and no encrypted text was judged'

export function withMissing(found: AuditVerification, missing: ChainsTrail['missing']): AuditVerification {
  const [first] = missing
  if (first === undefined) return found
  const files = missing.map(({ file }) => file).join(', ')
  const are = missing.length === 1 ? 'the segment is' : `${missing.length} segments are`
  return withFault(found, `${are} missing: ${files}; everything else holds`, first.first)
}

function otherKey({ words }: WordedHost) {
  const said =
    'it says that it was written under another key than the one here, so neither its seal nor a checkpoint can be judged'
  return `${said}: ${words({ code: 'other-key' })}`
}

export function withLost(found: AuditVerification, lost: FoundLostTail | undefined): AuditVerification {
  return withFault(found, lost && lostWords(lost))
}

/**
 * The verdict about a store that could not be read to its end because of what is in it: that is no store which holds. Throws what says nothing of
 * that: a database or a disk that is away, a layout or a record of another version, a key that is not here.
 */
export function unreadable(error: unknown, source: string): AuditVerification {
  return nothingRead(source, faultOf(error))
}

export function nothingRead(source: string, fault: ChainFault): AuditVerification {
  return {
    source,
    origin: '',
    from: 1,
    to: 0,
    root: '',
    fault,
    own: 0,
    anchors: 0,
    keyed: false,
    retirements: [],
    signed: { verified: 0, unchecked: 0 },
    lost: 0,
    stale: undefined,
    unvouched: undefined,
  }
}

function faultOf(error: unknown): ChainFault {
  if (error instanceof BrokenChainError) return { seq: error.seq, reason: error.reason }
  if (error instanceof InputError || error instanceof OutageError || isHindrance(error)) throw error
  const isOfContent = !(error instanceof EosflowError) || (error.kind === 'store' && error.cause !== undefined)
  if (!isOfContent) throw error
  const said = messageOf(error)
  return { seq: 0, reason: `what is in it cannot be read: ${said}` }
}
