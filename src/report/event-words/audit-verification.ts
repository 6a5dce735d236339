import type { PolicyRetirement } from '../../change/record/audit/walked-chains.ts'
import type { ChainFault } from '../../change/record/seal/chain.ts'
import { count, present, type Style, short, visibleLine } from '../text/text.ts'
import { inForceSince } from './table.ts'

export interface AuditVerification {
  readonly source: string
  readonly origin: string
  /** The first and the newest record; `to` is 0 for a chain without any. */
  readonly from: number
  readonly to: number
  readonly records?: number
  /** The hash of the newest record, in base64; with many chains that of the register. */
  readonly root: string
  readonly fault: ChainFault | undefined
  readonly own: number
  readonly anchors: number
  readonly retirements: readonly PolicyRetirement[]
  readonly signed: { readonly verified: number; readonly unchecked: number }
  /** Checkpoints whose key is lost: they say the same, and nobody can judge who has signed them. */
  readonly lost: number
  readonly keyed: boolean
  /** The ids of the install keys that the store was under before, and that are not here. */
  readonly lacking?: readonly string[]
  /** Texts that were not judged, because they may be of one of those keys, and the executions whose records name them. */
  readonly unread?: { readonly texts: number; readonly executions: readonly string[] }
  /** What could not be judged of a store, and why; undefined where everything was. */
  readonly unjudged?: string
  /** Why nothing outside vouches for the newest records; undefined when something does. */
  readonly stale: string | undefined
  /** The records of an export behind its newest signed checkpoint; undefined where there is none, and of a store, whose head is sealed. */
  readonly unvouched: { readonly from: number; readonly to: number } | undefined
}

/** `outcome` is `intact`, `tampered`, or `not judged` where a part of it could not be judged. */
export function verificationJson(found: AuditVerification, exitCode: number): string {
  const { source, origin, from, to, root, fault, own, anchors, retirements, lost, keyed, stale, unvouched, signed } =
    found
  return JSON.stringify({
    version: 1,
    kind: 'audit-verification',
    outcome: fault !== undefined ? 'tampered' : found.unjudged === undefined ? 'intact' : 'not judged',
    source,
    origin,
    from,
    to,
    records: found.records,
    root,
    fault: fault === undefined ? null : { seq: fault.seq, reason: fault.reason },
    checkpoints: own,
    anchors,
    lost,
    policyRetired: retirements,
    signatures: keyed ? 'judged' : 'not judged',
    unjudged: found.unjudged,
    decisions: { verified: signed.verified, unchecked: signed.unchecked },
    stale: stale ?? null,
    lackingKeys: found.lacking?.length === 0 ? undefined : found.lacking,
    unreadTexts: found.unread?.texts === 0 ? undefined : found.unread,
    unvouched: unvouched === undefined ? null : { from: unvouched.from, to: unvouched.to },
    exitCode,
  })
}

export function verificationText(found: AuditVerification, style: Style): string {
  const { source, fault, to, from, root, own, anchors, keyed, signed } = found
  const many = found.records ?? Math.max(0, to - from + 1)
  if (fault !== undefined) {
    const place = fault.seq === 0 ? 'The chain' : `Record ${fault.seq}`
    return style.bad(visibleLine(`✖ ${place} of ${source} does not hold: ${fault.reason}.`))
  }
  const span = from > 1 && to >= from ? ` (${from} to ${to})` : ''
  const records = count(many, 'record')
  const held = keyed
    ? `${count(own, 'checkpoint')} in the record and ${anchors} from outside agree`
    : 'no signature was judged, because no key was given: whoever has the file could have written all of it anew'
  const holding = `${records}${span} of ${source} hold`
  const verdict =
    found.unjudged === undefined
      ? style.good(visibleLine(`✔ ${holding}, head ${root}`))
      : style.bad(visibleLine(`✖ ${holding} as far as they were judged: ${found.unjudged}`))
  const lines = [verdict, `  ${held}`]
  if (signed.verified > 0) lines.push(`  ${count(signed.verified, 'signed decision')} verified`)
  lines.push(...doubtsIn(found).map((doubt) => style.warning(visibleLine(`! ${doubt}`))))
  return lines.join('\n')
}

export function doubtsIn({
  lost,
  retirements,
  unvouched,
  stale,
  signed,
  lacking = [],
  unread,
}: AuditVerification): readonly string[] {
  const many = lost === 1 ? '1 checkpoint is' : `${lost} checkpoints are`
  const { from = 0, to = 0 } = unvouched ?? {}
  const which = from === to ? `record ${to} is` : `records ${from} to ${to} are`
  return present(
    lost !== 0 &&
      `${many} of a key that was lost: their content agrees with the record, but nobody can verify who signed them`,
    signed.unchecked !== 0 &&
      `${count(signed.unchecked, 'signed decision')} not checked: their keys are of a kind that only ssh-keygen verifies`,
    lacking.map(
      (id) =>
        `the install key ${id}, which the store was under before, is not here: texts and decisions that it sealed were not judged by it, only by the chain`,
    ),
    unread !== undefined && unread.texts !== 0 && unreadWords(unread),
    retirements.map(retirementWords),
    unvouched !== undefined && `${which} newer than the newest signed checkpoint: no signature covers that`,
    stale,
  )
}

const NAMED = 10

function unreadWords({ texts, executions }: NonNullable<AuditVerification['unread']>) {
  const more = executions.length - NAMED
  const of = executions.length === 0 ? '' : ` of ${executions.slice(0, NAMED).join(', ')}`
  const rest = more > 0 ? ` and ${count(more, 'more execution')}` : ''
  return `${count(texts, 'text')}${of}${rest} ${texts === 1 ? 'was' : 'were'} not judged: no key here opens ${texts === 1 ? 'it' : 'them'}`
}

function retirementWords({ seq, by, file, policy, since, before }: PolicyRetirement) {
  const force = inForceSince(since, before === undefined ? undefined : short(before))
  return `record ${seq}: ${by} retired ${file} (${short(policy)}${force}): from there on without a policy, until another one came`
}
