import { approvalFileSchema } from '../../change/record/event/approval-schema.ts'
import type { ApprovalSignature, SignedStatement } from '../../model/approval.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { EosflowError } from '../../model/error.ts'
import type { VerifiedDecision } from '../../report/phrases/decision.ts'
import { visibleLine } from '../../report/text/visible.ts'
import { readJson } from '../../text/source/json.ts'
import { parseWith } from '../../text/source/parse-with.ts'
import type { Project } from '../files/project.ts'
import { readPlanFile } from '../history/plans/plan-source.ts'
import { passkeysOf, readPasskeys, readTrust, reviewersOf, trustOf } from '../identity/signers/trust.ts'
import type { Host } from '../system/process/host.ts'
import { orProblems } from '../system/process/input-error.ts'
import { readGiven } from '../system/process/read-given.ts'
import { saveText } from '../system/process/save-text.ts'
import { noSeams } from '../system/process/seams.ts'
import { signerOf, type Trust } from './signer.ts'

export interface DecisionFiles {
  readonly decision: string
  readonly plan: string
  readonly trust: string | undefined
}

/** Verifies a signed decision about a plan with nothing but files: its digest, its signature, whose key that is, and its time. Throws InputError, `not-approved`. */
export async function verifyDecision(
  host: Host,
  project: Project | undefined,
  files: DecisionFiles,
): Promise<VerifiedDecision> {
  const { statement, signature } = readApprovalFile(host, files.decision)
  const plan = readPlanFile(host, files.plan)
  const now = (host.seams ?? noSeams).clock.now()
  const { EOSFLOW_KEY: key } = host.env
  const signer = await signerOf(statement, signature, {
    ...keysOf(host, project, signature.kind, files.trust),
    ...definedMembers({ key }),
    programs: { env: host.env },
    now,
  })
  if (statement.plan !== plan.digest) throw bad(`it is of the plan ${statement.plan}, and this plan is ${plan.digest}`)
  if (signer.status !== 'proved') throw bad(signer.reason)
  if (now < Date.parse(statement.notBefore)) throw bad(`it holds only from ${statement.notBefore} on`)
  if (statement.decision === 'approve' && now >= Date.parse(statement.expires)) {
    throw bad(`it expired at ${statement.expires}`)
  }
  return { statement, signature: signature.kind, by: signer.principal }
}

function keysOf(
  host: Host,
  project: Project | undefined,
  kind: ApprovalSignature['kind'],
  given: string | undefined,
): Pick<Trust, 'signers' | 'passkeys' | 'reviewers'> {
  const none = { signers: [], passkeys: [] }
  if (given === undefined)
    return project === undefined
      ? none
      : { signers: trustOf(project), passkeys: passkeysOf(project), reviewers: reviewersOf(project) }
  const bytes = readGiven(host, given)
  return kind === 'webauthn'
    ? { ...none, passkeys: readPasskeys(bytes, given) }
    : { ...none, signers: readTrust(bytes, given) }
}

function bad(reason: string) {
  return new EosflowError('not-approved', `the decision is not good: ${visibleLine(reason)}`, {
    hint: 'Do not run the plan with this decision.',
  })
}

/** Throws InputError when it is none. */
export function readApprovalFile(host: Host, path: string): SignedStatement {
  const located = orProblems(readJson(readGiven(host, path), path))
  const { statement, signature } = orProblems(parseWith(approvalFileSchema, located))
  return { statement, signature }
}

/** It holds no secret: what is in it, its readers may verify. */
export function saveApprovalFile(host: Host, path: string, { statement, signature }: SignedStatement): void {
  const file = { version: 1, kind: 'eosflow.approval-file', statement, signature }
  saveText(host, path, `${JSON.stringify(file, null, 2)}\n`)
}
