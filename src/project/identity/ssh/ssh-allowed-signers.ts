import type { Problem, ValueOrProblems } from '../../../model/problem.ts'
import { readKey } from './ssh-public-key.ts'
import { ED25519 } from './ssh-signature.ts'
import { sshFingerprint, sshString } from './ssh-wire.ts'

export interface AllowedSigner {
  /** The first is what a policy knows them by; one that begins with `local:` is a local user who is this person. */
  readonly names: readonly [string, ...string[]]
  readonly key: Buffer
  readonly fingerprint: string
  /** What the key may sign; absent: the decisions of a person, and nothing of an installation. */
  readonly namespaces?: readonly string[]
  /** From when and until when its signatures count, milliseconds since the epoch. */
  readonly validAfter?: number
  readonly validBefore?: number
}

export const APPROVAL_NAMESPACE = 'approval@eosflow'

export const SERVER_NAMESPACE = 'server@eosflow'

export const PLAN_NAMESPACE = 'plan@eosflow'

/** The line of a key of an installation, as others take it into their `trust/allowed_signers`. */
export function signerLine(namespace: string, publicKey: string): string {
  return `eosflow namespaces="${namespace}" ${ED25519} ${sshKeyOf(publicKey).toString('base64')}`
}

/** An Ed25519 public key, 32 bytes in base64, in the binary form of SSH (RFC 8709, section 4). */
export function sshKeyOf(publicKey: string): Buffer {
  return Buffer.concat([ED25519, Buffer.from(publicKey, 'base64')].map(sshString))
}

/**
 * Reads a file of allowed signers (ssh-keygen(1), ALLOWED SIGNERS). Everything that is not understood is refused, since a key
 * that is trusted by mistake approves: patterns, certificate authorities, local times, one key of two persons.
 */
export function parseAllowedSigners(text: string, file: string): ValueOrProblems<readonly AllowedSigner[]> {
  const problems: Problem[] = []
  const signers: AllowedSigner[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue
    const read = readLine(line.trim())
    const why = typeof read === 'string' ? read : conflictOf(read, signers)
    if (typeof read !== 'string' && why === undefined) signers.push(read)
    else problems.push(problem(why ?? '', { file, line: index + 1, column: 1 }))
  }
  const [first, ...others] = problems
  return first === undefined ? { ok: true, value: signers } : { ok: false, problems: [first, ...others] }
}

function problem(message: string, at: Problem['at']): Problem {
  const hint = `Write: bob@example.org namespaces="${APPROVAL_NAMESPACE}" ssh-ed25519 AAAA…`
  return { code: 'bad-allowed-signer', message, at, hint }
}

const LINE =
  /^(?<names>\S+)(?:\s+(?<options>[a-z-]+(?:="[^"]*")?(?:,[a-z-]+(?:="[^"]*")?)*))?\s+(?<type>[a-z0-9@.-]+)\s+(?<key>[A-Za-z0-9+/=]+)(?:\s.*)?$/

function readLine(line: string): AllowedSigner | string {
  const parts = LINE.exec(line)?.groups
  if (parts === undefined) return 'a line has names, options, the type of a key and the key'
  const { names = '', options = '', type = '', key = '' } = parts
  const [first = '', ...others] = names.split(',')
  const bad = [first, ...others].find((name) => !/^[\w.@+:-]+$/.test(name))
  if (bad !== undefined) return `${JSON.stringify(bad)} is not a name: a pattern names nobody`
  const bytes = readKey(type, key)
  if (typeof bytes === 'string') return bytes
  const read = readOptions(options)
  if (typeof read === 'string') return read
  return { names: [first, ...others], key: bytes, fingerprint: sshFingerprint(bytes), ...read }
}

type Options = Pick<AllowedSigner, 'namespaces' | 'validAfter' | 'validBefore'>

function readOptions(text: string): Options | string {
  const options: { namespaces?: readonly string[]; validAfter?: number; validBefore?: number } = {}
  for (const [, name = '', value] of text.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)) {
    const why = value === undefined ? `the option ${name} is not taken here` : readOption(name, value, options)
    if (why !== undefined) return why
  }
  return options
}

function readOption(
  name: string,
  value: string,
  into: { namespaces?: readonly string[]; validAfter?: number; validBefore?: number },
) {
  switch (name) {
    case 'namespaces': {
      into.namespaces = value.split(',')
      return into.namespaces.every((one) => /^[\w.@+-]+$/.test(one))
        ? undefined
        : 'a namespace is a name, not a pattern'
    }
    case 'valid-after':
    case 'valid-before': {
      const time = trustTimeOf(value)
      if (time === undefined) return `${name} is not a time in UTC: write YYYYMMDDZ or YYYYMMDDHHMM[SS]Z`
      if (name === 'valid-after') into.validAfter = time
      else into.validBefore = time
      return undefined
    }
    default:
      return `the option ${name} is not taken here`
  }
}

/**
 * A time of a file of trusted keys, in milliseconds since the epoch: `YYYYMMDDZ` or `YYYYMMDDHHMM[SS]Z`, and undefined for anything else. A
 * time of day without `Z` would be that of whichever machine looks.
 */
export function trustTimeOf(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?Z$/.exec(text)
  if (parts === null) return undefined
  const [year, month, day, hour = '00', minute = '00', second = '00'] = parts.slice(1)
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`
  const time = Date.parse(iso)
  return Number.isNaN(time) || new Date(time).toISOString() !== iso ? undefined : time
}

function conflictOf({ key, names }: AllowedSigner, all: readonly AllowedSigner[]) {
  const others = all.filter((one) => one.names[0] !== names[0])
  const other = others.find((one) => one.key.equals(key))
  if (other !== undefined) return `the key already belongs to ${other.names[0]}: one key is of one person`
  const shared = names.find((name) => others.some((one) => one.names.includes(name)))
  return shared === undefined ? undefined : `${shared} is a name of two people: one name is of one person`
}

/** Whose key it is, for a namespace at all of the given times; else why it is nobody's. */
export function signerOfKey(
  signers: readonly AllowedSigner[],
  { key, namespace, times }: { readonly key: Buffer; readonly namespace: string; readonly times: readonly number[] },
): AllowedSigner | string {
  const print = sshFingerprint(key)
  const listed = signers.filter((one) => one.key.equals(key))
  const [owner] = listed
  if (owner === undefined) return `the key ${print} is not among the allowed signers`
  const meant = listed.filter(({ namespaces }) =>
    namespaces === undefined ? namespace === APPROVAL_NAMESPACE : namespaces.includes(namespace),
  )
  if (meant.length === 0) return `the key ${print} of ${owner.names[0]} may not sign for ${namespace}`
  const valid = meant.find(({ validAfter = -Infinity, validBefore = Infinity }) =>
    times.every((time) => time >= validAfter && time < validBefore),
  )
  return valid ?? `the key ${print} of ${owner.names[0]} is not valid at that time`
}
