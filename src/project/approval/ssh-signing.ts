import { resolve } from 'node:path'
import { statementText } from '../../change/policy/statement.ts'
import type { ApprovalSignature, ApprovalStatement } from '../../model/approval.ts'
import { codeOf, EosflowError } from '../../model/error.ts'
import type { Principal } from '../../model/principal.ts'
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
import { inputError } from '../system/process/input-error.ts'

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
