import type { Problem, ValueOrProblems } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { strictBase64, trustTimeOf } from '../ssh/ssh-allowed-signers.ts'
import { readWebauthnKey, strictBase64Url } from './webauthn-key.ts'

export interface TrustedPasskey {
  /** Whose it is, as a policy names members: `corp:sub:00u1`, or a local identity. */
  readonly who: string
  readonly issuer: string
  readonly id: string
  readonly person?: string
  readonly credential: string
  readonly key: string
  readonly origin: string
  readonly rpId: string
  /** From when and until when its signatures count, milliseconds since the epoch. */
  readonly validAfter?: number
  readonly validBefore?: number
}

/**
 * Reads `trust/passkeys`: a line for each passkey, with who it is of, options, the id and the public key. Everything that is not understood
 * is refused, since a passkey that is trusted by mistake approves.
 */
export function parsePasskeys(text: string, file: string): ValueOrProblems<readonly TrustedPasskey[]> {
  const problems: Problem[] = []
  const passkeys: TrustedPasskey[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue
    const read = readLine(line)
    const fault = 'why' in read ? read : conflictOf(read, line, passkeys)
    if (fault !== undefined) problems.push(problem(fault, file, index + 1))
    else if (!('why' in read)) passkeys.push(read)
  }
  const [first, ...others] = problems
  return first === undefined ? { ok: true, value: passkeys } : { ok: false, problems: [first, ...others] }
}

/** The line of a passkey, as `trust/passkeys` takes it. */
export function passkeyLine({
  who,
  origin,
  rpId,
  person,
  credential,
  key,
}: Pick<TrustedPasskey, 'who' | 'origin' | 'rpId' | 'person' | 'credential' | 'key'>): string {
  const rp = URL.canParse(origin) && rpId === new URL(origin).hostname ? '' : `,rp="${rpId}"`
  return `${who} origin="${origin}"${rp}${person === undefined ? '' : `,person="${person}"`} ${credential} ${key}`
}

export function passkeyOf(
  passkeys: readonly TrustedPasskey[],
  { credential, key, times }: { readonly credential: string; readonly key: string; readonly times: readonly number[] },
): TrustedPasskey | string {
  const short = `the passkey ${shortCredential(credential)}`
  const found = passkeys.find((one) => one.credential === credential)
  if (found === undefined) return `${short} is not among the trusted passkeys`
  if (found.key !== key) return `${short} is trusted with another public key`
  const { validAfter = -Infinity, validBefore = Infinity, who } = found
  const isValid = times.every((time) => time >= validAfter && time < validBefore)
  return isValid ? found : `${short} of ${who} is not valid at that time`
}

/** The id of a credential as people compare it: its first characters. */
export function shortCredential(credential: string): string {
  return credential.length <= 16 ? credential : `${credential.slice(0, 16)}…`
}

interface Fault {
  readonly why: string
  readonly column: number
}

function problem({ why, column }: Fault, file: string, line: number): Problem {
  const hint = 'Write: corp:sub:00u1 origin="https://noc.example.com" CREDENTIAL-ID PUBLIC-KEY'
  return { code: 'bad-passkey', message: why, at: { file, line, column }, hint }
}

function readLine(line: string): TrustedPasskey | Fault {
  const [who, options, credential, key] = [...line.matchAll(/\S+/g)]
  if (who === undefined || options === undefined || credential === undefined || key === undefined) {
    return { why: 'a line has who it is of, options, the id of the passkey and its public key', column: 1 }
  }
  const at = ({ index }: RegExpExecArray, why: string): Fault => ({ why, column: index + 1 })
  const owner = ownerIn(who[0])
  if (owner === undefined) return at(who, `${JSON.stringify(who[0])} names nobody as a policy does`)
  const read = readOptions(options[0])
  if (typeof read === 'string') return at(options, read)
  if (credential[0].length > LONGEST_ID || strictBase64Url(credential[0]) === undefined) {
    return at(credential, 'the id of a passkey is base64url without padding')
  }
  const spki = readKey(key[0])
  if (spki === undefined) return at(key, 'the public key is not one of ES256, EdDSA or RS256 in base64')
  return { who: who[0], ...owner, ...read, credential: credential[0], key: spki }
}

// 1023 bytes in base64url: WebAuthn Level 3, section 7.1.
const LONGEST_ID = 1364
// The holders of SSH keys stand in `trust/allowed_signers`, and these words are no issuers.
const RESERVED: readonly string[] = ['ssh', 'kind', 'local']

function ownerIn(text: string): Pick<TrustedPasskey, 'issuer' | 'id'> | undefined {
  if (/^local:-?\d+:[^\s:]+@\S+$/.test(text)) return { issuer: 'local', id: text }
  const [, issuer = '', id = ''] = /^([A-Za-z0-9][A-Za-z0-9._-]{0,31}):sub:([\x21-\x7e]{1,255})$/.exec(text) ?? []
  return issuer === '' || RESERVED.includes(issuer) ? undefined : { issuer, id }
}

function readKey(text: string) {
  const bytes = strictBase64(text) ?? strictBase64Url(text)
  try {
    return bytes === undefined ? undefined : readWebauthnKey(bytes).spki
  } catch {
    return undefined
  }
}

type Options = Pick<TrustedPasskey, 'origin' | 'rpId' | 'person' | 'validAfter' | 'validBefore'>

const OPTIONS = /^[a-z-]+="[^"]*"(?:,[a-z-]+="[^"]*")*$/

function readOptions(text: string): Options | string {
  if (!OPTIONS.test(text)) return 'the options are names and values in quotes: origin="https://noc.example.com"'
  const pairs = [...text.matchAll(/([a-z-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value] as const)
  const given = new Map(pairs)
  if (given.size < pairs.length) return 'an option is there twice'
  const strange = pairs.find(([name]) => !KNOWN.includes(name))
  if (strange !== undefined) return `the option ${strange[0]} is not taken here`
  const origin = given.get('origin')
  if (origin === undefined || !isSecureOrigin(origin)) {
    return 'the option origin is missing, or no origin of pages that may use passkeys: https://HOST, or http://localhost:PORT'
  }
  const { hostname } = new URL(origin)
  const rpId = given.get('rp') ?? hostname
  if (rpId !== hostname && !(rpId.includes('.') && hostname.endsWith(`.${rpId}`))) {
    return 'the option rp is neither the host of the origin nor a domain above it'
  }
  const person = given.get('person')
  if (person === '') return 'the option person is empty'
  const times = timesIn(given)
  if (typeof times === 'string') return times
  return { origin, rpId, ...definedMembers({ person }), ...times }
}

const KNOWN: readonly string[] = ['origin', 'rp', 'person', 'valid-after', 'valid-before']

function isSecureOrigin(text: string) {
  if (!URL.canParse(text)) return false
  const { origin, protocol, hostname } = new URL(text)
  if (origin !== text || !/^[a-z0-9.-]+$/.test(hostname) || /^[\d.]+$/.test(hostname)) return false
  return (
    protocol === 'https:' || (protocol === 'http:' && (hostname === 'localhost' || hostname.endsWith('.localhost')))
  )
}

function timesIn(given: ReadonlyMap<string, string>): Pick<Options, 'validAfter' | 'validBefore'> | string {
  const [after, before] = ['valid-after', 'valid-before'].map((name) => given.get(name))
  const validAfter = after === undefined ? undefined : trustTimeOf(after)
  const validBefore = before === undefined ? undefined : trustTimeOf(before)
  const isBad = (after !== undefined && validAfter === undefined) || (before !== undefined && validBefore === undefined)
  if (isBad) return 'a time is not one in UTC: write YYYYMMDDZ or YYYYMMDDHHMM[SS]Z'
  return {
    ...definedMembers({ validAfter, validBefore }),
  }
}

function conflictOf(read: TrustedPasskey, line: string, others: readonly TrustedPasskey[]): Fault | undefined {
  const column = line.indexOf(read.credential) + 1
  if (others.some(({ credential }) => credential === read.credential)) {
    return { why: 'the passkey is there twice', column }
  }
  const other = others.find(({ key, who }) => key === read.key && who !== read.who)
  if (other !== undefined) return { why: `the key already belongs to ${other.who}: one key is of one person`, column }
  const isSplit = others.some(({ who, person }) => who === read.who && person !== read.person)
  return isSplit
    ? { why: `${read.who} is another person in a line before`, column: line.indexOf(read.who) + 1 }
    : undefined
}
