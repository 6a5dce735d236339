import { resolve } from 'node:path'
import { statementText } from '../../change/policy/approval.ts'
import { approvalFileSchema } from '../../change/record/event/record-schema.ts'
import type { ApprovalSignature, ApprovalStatement, SignedStatement } from '../../model/approval.ts'
import { codeOf, EosflowError } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import type { Principal } from '../../model/principal.ts'
import type { VerifiedDecision } from '../../report/phrases/decision.ts'
import { visibleLine } from '../../report/text/text.ts'
import { readJson } from '../../text/source/json.ts'
import { parseWith } from '../../text/source/yaml.ts'
import type { Project } from '../files/project.ts'
import { readPlanFile } from '../history/plans/plan-source.ts'
import { passkeysOf, readPasskeys, readTrust, reviewersOf, trustOf } from '../identity/signers/common-server-key.ts'
import {
  type AllowedSigner,
  APPROVAL_NAMESPACE,
  readOpenEd25519,
  sshFingerprint,
  strictBase64,
} from '../identity/ssh/ssh-allowed-signers.ts'
import { agentKeys, agentSigns, keygenSigns, type SshPrograms } from '../identity/ssh/ssh-keygen.ts'
import { readRegularText } from '../system/machine/regular-file.ts'
import { hinted } from '../system/process/hinted.ts'
import type { Host, WordedHost } from '../system/process/host.ts'
import { inputError, orProblems } from '../system/process/input-error.ts'
import { readGiven } from '../system/process/read-given.ts'
import { saveText } from '../system/process/save-text.ts'
import { noSeams } from '../system/process/seams.ts'
import { signerOf, type Trust } from './signer.ts'

export interface SshSigningKey {
  readonly fingerprint: string
  sign(statement: ApprovalStatement): Promise<ApprovalSignature>
}

export type KeyChoice = { readonly file: string } | 'agent'

/** The key that somebody wants to sign with; undefined where none is wanted. Throws InputError, `unauthenticated`. */
export async function signingKeyOf(
  host: Pick<Host, 'env' | 'cwd' | 'words'>,
  choice: KeyChoice | undefined,
  signers: readonly AllowedSigner[],
): Promise<SshSigningKey | undefined> {
  const { env, cwd } = host
  const programs: SshPrograms = { env }
  if (choice === undefined) return undefined
  return choice === 'agent'
    ? keyInAgent(host, programs, signers)
    : keyInFile(resolve(cwd, choice.file), choice.file, programs)
}

/** Who approves by a key: by name where the project knows whose it is, else by its fingerprint, for whoever imports it to look up. */
export function signerBy(fingerprint: string, signers: readonly AllowedSigner[], now: number): Principal {
  const owner = signers.find((one) => one.fingerprint === fingerprint)
  const authenticatedAt = new Date(now).toISOString()
  return { issuer: 'ssh', id: owner?.names[0] ?? fingerprint, kind: 'person', auth: 'ssh', authenticatedAt }
}

function keyInFile(path: string, named: string, programs: SshPrograms): SshSigningKey {
  const text = contentOf(path, named)
  const open = readOpenEd25519(text)
  if (open !== undefined) {
    const { key, sign } = open
    return {
      fingerprint: sshFingerprint(key),
      sign: async (statement) => ({ kind: 'ssh', armored: sign(statementText(statement), APPROVAL_NAMESPACE) }),
    }
  }
  const line = isPublic(text) ? text : contentOf(`${path}.pub`, `${named}.pub`)
  return {
    fingerprint: fingerprintOf(line, named),
    sign: async (statement) => {
      const request = { message: statementText(statement), key: path, namespace: APPROVAL_NAMESPACE }
      return { kind: 'ssh', armored: await keygenSigns(programs, request) }
    },
  }
}

async function keyInAgent(
  host: WordedHost,
  programs: SshPrograms,
  signers: readonly AllowedSigner[],
): Promise<SshSigningKey> {
  const held = (await agentKeys(programs)).map((line) => ({ line, fingerprint: fingerprintOf(line, 'the agent') }))
  const known = held.filter(({ fingerprint }) => signers.some((one) => one.fingerprint === fingerprint))
  const [only, ...others] = known.length === 0 ? held : known
  if (only === undefined || others.length > 0) {
    throw new EosflowError(
      'unauthenticated',
      `the SSH agent holds ${held.length} keys that could sign`,
      hinted(host, { code: 'choose-agent-key' }),
    )
  }
  const { line, fingerprint } = only
  return {
    fingerprint,
    sign: async (statement) => {
      const request = { message: statementText(statement), line, namespace: APPROVAL_NAMESPACE }
      return { kind: 'ssh', armored: await agentSigns(programs, request) }
    },
  }
}

function isPublic(text: string) {
  return /^(?:ssh|sk|ecdsa)-\S+ \S+/.test(text)
}

function fingerprintOf(line: string, named: string) {
  const key = strictBase64(line.trim().split(/\s+/)[1] ?? '')
  if (key === undefined) throw unreadable(named, 'it is not a public key of SSH')
  return sshFingerprint(key)
}

function contentOf(path: string, named: string) {
  try {
    return readRegularText(path)
  } catch (error) {
    throw unreadable(named, `cannot be read (${codeOf(error, 'unreadable')})`)
  }
}

function unreadable(file: string, message: string) {
  const hint =
    'Name a private key of SSH whose public half lies beside it, or the public half of one that an agent holds.'
  return inputError(file, 'bad-key', message, hint)
}

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
