import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EosflowError } from '../../../model/error.ts'
import {
  type AllowedSigner,
  ED25519,
  isTouched,
  readSshSignature,
  signerOfKey,
  sshFingerprint,
  sshKeyType,
  verifiesEd25519,
} from './ssh-allowed-signers.ts'

// How long a signature may take to be verified, and how long a person may take to touch a key or type a passphrase, in milliseconds.
const VERIFY = 10_000
const SIGN = 120_000

export interface SshPrograms {
  readonly env: Readonly<Record<string, string | undefined>>
}

// Whether a signature is one over the message in the namespace, by the key that it names; whose key that is is not asked. For the kinds of keys that `ssh-keygen` knows and we do not.
async function keygenVerifies(
  programs: SshPrograms,
  { message, armored, namespace }: { readonly message: string; readonly armored: string; readonly namespace: string },
) {
  return inFolder(async (folder) => {
    const file = join(folder, 'signature')
    writeFileSync(file, armored, { mode: 0o600 })
    const args = ['-Y', 'check-novalidate', '-n', namespace, '-s', file]
    return (await call('ssh-keygen', args, { programs, input: message, timeout: VERIFY })).code === 0
  })
}

/** Signs a message with the key of a file: a private one, asking for its passphrase at the terminal where it has one, or a public one whose private part an agent holds. Throws `unauthenticated`. */
export async function keygenSigns(
  programs: SshPrograms,
  { message, key, namespace }: { readonly message: string; readonly key: string; readonly namespace: string },
): Promise<string> {
  const args = ['-Y', 'sign', '-n', namespace, '-f', key]
  const { code, out, err } = await call('ssh-keygen', args, { programs, input: message, timeout: SIGN })
  if (code === 0) return out
  throw new EosflowError('unauthenticated', `${key} does not sign: ${lastLine(err)}`, {
    hint: 'Check that the key is yours and, for one that an agent holds, that the agent runs: ssh-add -l',
  })
}

/** As {@link keygenSigns}, by a public key that an agent holds. */
export async function agentSigns(
  programs: SshPrograms,
  { message, line, namespace }: { readonly message: string; readonly line: string; readonly namespace: string },
): Promise<string> {
  return inFolder(async (folder) => {
    const key = join(folder, 'key.pub')
    writeFileSync(key, `${line}\n`, { mode: 0o600 })
    return keygenSigns(programs, { message, key, namespace })
  })
}

/** Throws `unauthenticated` when no agent answers. */
export async function agentKeys(programs: SshPrograms): Promise<readonly string[]> {
  const { code, out, err } = await call('ssh-add', ['-L'], { programs, input: '', timeout: VERIFY })
  if (code === 0) return out.split('\n').filter((line) => line !== '')
  throw new EosflowError('unauthenticated', `the SSH agent gives no key: ${lastLine(err === '' ? out : err)}`, {
    hint: 'Start one and add your key with ssh-add, or name the key with --key FILE.',
  })
}

interface Called {
  readonly code: number
  readonly out: string
  readonly err: string
}

const PASSED = ['PATH', 'HOME', 'SSH_AUTH_SOCK', 'SSH_ASKPASS', 'SSH_ASKPASS_REQUIRE', 'DISPLAY', 'SSH_SK_PROVIDER']

function call(
  program: string,
  args: readonly string[],
  { programs, input, timeout }: { programs: SshPrograms; input: string; timeout: number },
): Promise<Called> {
  const env = Object.fromEntries(
    PASSED.flatMap((name) => (programs.env[name] === undefined ? [] : [[name, programs.env[name]]])),
  )
  return new Promise((resolve, reject) => {
    const child = execFile(program, [...args], { timeout, env, maxBuffer: 1_048_576 }, (error, out, err) => {
      if (error === null) resolve({ code: 0, out, err })
      else if (typeof error.code === 'number') resolve({ code: error.code, out, err })
      else reject(noProgram(program, error))
    })
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}

function noProgram(program: string, cause: Error & { readonly killed?: boolean }) {
  const why = cause.killed === true ? 'did not end in time' : 'could not be started'
  return new EosflowError('protocol', `${program} ${why}`, { hint: 'Install OpenSSH 8.2 or newer.', cause })
}

function lastLine(text: string) {
  return text.trim().split('\n').at(-1) ?? ''
}

async function inFolder<T>(work: (folder: string) => Promise<T>) {
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-ssh-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type VerifiedSsh =
  | { readonly status: 'good'; readonly signer: AllowedSigner; readonly fingerprint: string }
  | { readonly status: 'untrusted' | 'forged'; readonly reason: string }

// `times`: the key must be valid at each of them, milliseconds since the epoch.
interface SshClaim {
  readonly message: string
  readonly armored: string
  readonly namespace: string
  readonly signers: readonly AllowedSigner[]
  readonly times: readonly number[]
}

/**
 * Verifies an SSH signature: Ed25519 here, every other kind of key by `ssh-keygen`. Throws `protocol` when that is needed and
 * is not there.
 */
export async function verifySsh(programs: SshPrograms, claim: SshClaim): Promise<VerifiedSsh> {
  const { message, armored, namespace, signers, times } = claim
  const signature = signatureIn(armored)
  if (typeof signature === 'string') return { status: 'forged', reason: `the signature cannot be read: ${signature}` }
  if (signature.namespace !== namespace) {
    return { status: 'forged', reason: `the signature is for ${JSON.stringify(signature.namespace)}, not ${namespace}` }
  }
  const isGood =
    sshKeyType(signature.key) === ED25519
      ? verifiesEd25519(message, signature)
      : await keygenVerifies(programs, { message, armored, namespace })
  const fingerprint = sshFingerprint(signature.key)
  if (!isGood) return { status: 'forged', reason: `the signature of ${fingerprint} is not one over this statement` }
  if (!isTouched(signature)) return { status: 'forged', reason: `nobody touched the key ${fingerprint} when it signed` }
  const signer = signerOfKey(signers, { key: signature.key, namespace, times })
  if (typeof signer === 'string') return { status: 'untrusted', reason: signer }
  return { status: 'good', signer, fingerprint }
}

function signatureIn(armored: string) {
  try {
    const signature = readSshSignature(armored)
    sshKeyType(signature.key)
    return signature
  } catch (error) {
    if (error instanceof EosflowError) return error.message
    throw error
  }
}
