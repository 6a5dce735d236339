import { type ForgeReviewers, readReviewers } from '../../../change/policy/reviews.ts'
import type { Notes } from '../../../change/record/store/notes.ts'
import type { Workers } from '../../../change/record/store/workers.ts'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError, type ValueOrProblems } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { count } from '../../../report/text/text.ts'
import { PASSKEY_FILE, REVIEWERS_FILE, TRUST_FILE, unreadableTrust } from '../../files/loaded-policy.ts'
import type { Project } from '../../files/project.ts'
import type { KeyRing, SigningKeys } from '../../system/machine/key-files.ts'
import { InputError, orProblems } from '../../system/process/input-error.ts'
import { parsePasskeys, type TrustedPasskey } from '../passkey/trusted-passkeys.ts'
import {
  type AllowedSigner,
  parseAllowedSigners,
  SERVER_NAMESPACE,
  sshFingerprint,
  sshKeyOf,
} from '../ssh/ssh-allowed-signers.ts'

/** A public key, 32 bytes in base64, in short: `SHA256:…`, as `ssh-keygen -l` prints it. */
export function sshPrint(publicKey: string): string {
  return sshFingerprint(sshKeyOf(publicKey))
}

const KIND = 'server-key'
const NAME = 'common'

// So long the note outlives the last server that has looked at it, in milliseconds.
const LASTS = 3_600_000

/** How often a process asks whether its server key is still that of the servers, in milliseconds. */
export const SERVER_KEY_LOOK = 30_000

interface CommonKeyNote {
  readonly version: 1
  // The fingerprint of the public key alone: nothing that anybody could sign with.
  readonly key: string
}

export interface ServerKeyParts {
  readonly notes: Notes
  readonly workers: Pick<Workers, 'own' | 'list'>
  readonly keys: Pick<SigningKeys, 'read' | 'readOrMake'>
  readonly clock: Pick<Clock, 'sleep'>
  tell(text: string): void
  failed(what: string, error: unknown): void
}

type Agreement =
  | { readonly status: 'common' }
  // This one has replaced the one that these servers have.
  | { readonly status: 'successor'; readonly own: string; readonly before: string; readonly servers: readonly string[] }
  | { readonly status: 'other'; readonly own?: string; readonly common: string }

/**
 * Finds that the server key of this machine is that of the other servers, and makes one where neither they nor this machine has one. Throws `store` where
 * servers that live have another one, which this one has not replaced: what one of them signs the others would refuse, and only when it is used.
 */
export async function requireCommonServerKey(parts: ServerKeyParts): Promise<void> {
  const found = await agreement(parts)
  if (found.status === 'other') {
    throw new EosflowError('store', difference(found), {
      hint: 'Give this machine theirs, as server.key beside the store or in EOSFLOW_SERVER_KEY, and start it again. Where its own is to replace theirs, end them first.',
    })
  }
  tellSuccession(parts, found)
}

/** Says it when a server key is replaced, here or at the other servers, while they serve; until `stop` is aborted. */
export async function watchServerKey(parts: ServerKeyParts, stop: AbortSignal): Promise<void> {
  let isOther = false
  while (!stop.aborted) {
    await parts.clock.sleep(SERVER_KEY_LOOK, stop).catch(() => undefined)
    if (stop.aborted) return
    try {
      const found = await agreement(parts)
      tellSuccession(parts, found)
      if (found.status === 'other' && !isOther) parts.tell(`! ${difference(found)}. Give this machine theirs.\n`)
      if (found.status !== 'other' && isOther) parts.tell('the server key is that of the other servers again\n')
      isOther = found.status === 'other'
    } catch (error) {
      parts.failed('server key', error)
    }
  }
}

/**
 * Why what the servers of a store sign counts for nothing on this machine; undefined where it counts, where no server has said what it signs with, and
 * where nobody logs in at a provider.
 */
export async function unknownServerKey({
  shared,
  notes,
  keys,
  project,
}: {
  readonly shared?: object | undefined
  readonly notes: Notes
  readonly keys: Pick<SigningKeys, 'read'>
  readonly project: Pick<Project, 'settings' | 'files' | 'stands'>
}): Promise<string | undefined> {
  if (shared === undefined || project.settings.identity === undefined) return undefined
  const common = await commonKey(notes)
  const own = printOf(keys.read('server'))
  if (common === undefined || common === own) return undefined
  if (isTrusted(project, common)) return undefined
  return `the servers of this store sign decisions with the server key ${common}, and this machine has ${own ?? 'none'}: it refuses what people of an identity provider approve there`
}

/** Throws `store` where this machine would sign a decision with a key that the servers of the store do not know, before it does: they would refuse the decision, and only when it is used. */
export async function requireKnownServerKey({
  shared,
  notes,
  keys,
  project,
}: {
  readonly shared?: Pick<ServerKeyParts, 'workers'> | undefined
  readonly notes: Notes
  readonly keys: Pick<SigningKeys, 'read'>
  readonly project: Pick<Project, 'files' | 'stands'>
}): Promise<void> {
  if (shared === undefined) return
  const { workers } = shared
  const common = await commonKey(notes)
  const own = printOf(keys.read('server'))
  if (common === undefined || common === own) return
  if ((own !== undefined && isTrusted(project, own)) || (await othersThatLive({ workers })).length === 0) return
  throw new EosflowError('store', difference({ common, ...definedMembers({ own }) }), {
    hint: 'Give this machine theirs, as server.key beside the store or in EOSFLOW_SERVER_KEY, or decide at one of them.',
  })
}

async function agreement(parts: ServerKeyParts): Promise<Agreement> {
  const { notes, keys } = parts
  let common = await commonKey(notes)
  const ring = keys.read('server')
  let own = printOf(ring)
  if (common === undefined) {
    own ??= printOf(keys.readOrMake('server'))
    if (await notes.put(KIND, NAME, noteOf(own), { lasts: LASTS })) return { status: 'common' }
    // Another server was first; or what is there was altered, and says nothing.
    common = await commonKey(notes)
  }
  if (common !== undefined && common === own) {
    await notes.extend(KIND, NAME, LASTS)
    return { status: 'common' }
  }
  const servers = await othersThatLive(parts)
  const hasReplaced = ring?.retired.some(({ publicKey }) => sshPrint(publicKey) === common) === true
  if (common !== undefined && servers.length > 0 && !hasReplaced)
    return { status: 'other', common, ...definedMembers({ own }) }
  own ??= printOf(keys.readOrMake('server'))
  await notes.set(KIND, NAME, noteOf(own), { lasts: LASTS })
  if (common === undefined || servers.length === 0) return { status: 'common' }
  return { status: 'successor', own, before: common, servers }
}

function noteOf(key: string) {
  return JSON.stringify({ version: 1, key } satisfies CommonKeyNote)
}

async function commonKey(notes: Notes) {
  const note = await notes.read(KIND, NAME)
  if (note === undefined) return undefined
  const { version, key } = JSON.parse(note.text) as CommonKeyNote
  return version === 1 ? key : undefined
}

function isTrusted(project: Pick<Project, 'files' | 'stands'>, key: string) {
  return trustNow(project).some(
    ({ fingerprint, namespaces }) => fingerprint === key && namespaces?.includes(SERVER_NAMESPACE) === true,
  )
}

async function othersThatLive({ workers }: Pick<ServerKeyParts, 'workers'>) {
  const others = (await workers.list()).filter(({ id, kind }) => id !== workers.own && kind === 'server')
  return others.filter(({ dead, age, ttl }) => dead === undefined && age <= ttl).map(({ id }) => id)
}

function printOf(ring: KeyRing): string
function printOf(ring: KeyRing | undefined): string | undefined
function printOf(ring: KeyRing | undefined) {
  return ring === undefined ? undefined : sshPrint(ring.key.publicKey)
}

function difference({ common, own }: { readonly common: string; readonly own?: string }) {
  return `the other servers of this store sign decisions with the server key ${common}, and this machine has ${own ?? 'none'}: what it signs they refuse`
}

function tellSuccession({ tell }: ServerKeyParts, found: Agreement) {
  if (found.status !== 'successor') return
  const { before, own, servers } = found
  tell(
    `! the server key of this machine, ${own}, replaces ${before}: give it to the other servers (${servers.join(', ')}) and to the workers. Until then they refuse what this one signs.\n`,
  )
}

type TrustPlace = Pick<Project, 'files' | 'stands'>

function readIn<T>(
  { files, stands }: TrustPlace,
  file: string,
  read: (bytes: string | Uint8Array, file: string) => T,
  absent: T,
) {
  const bytes = files(file)
  if (bytes !== undefined) return read(bytes, file)
  if (stands(file)) throw new InputError([unreadableTrust(files, file)])
  return absent
}

// For whoever judges in the middle of an execution: a file that is not good says nothing.
function readNow<T>(read: (project: TrustPlace) => T, project: TrustPlace, absent: T) {
  try {
    return read(project)
  } catch (error) {
    if (error instanceof InputError) return absent
    throw error
  }
}

/** Throws InputError, also for one that leads out of the project. */
export function trustOf(project: TrustPlace): readonly AllowedSigner[] {
  return readIn(project, TRUST_FILE, readTrust, [])
}

/** As {@link trustOf}, for whoever judges in the middle of an execution: of a file that is not good nobody is trusted. */
export function trustNow(project: TrustPlace): readonly AllowedSigner[] {
  return readNow(trustOf, project, [])
}

/** Throws InputError, also for one that leads out of the project. */
export function passkeysOf(project: TrustPlace): readonly TrustedPasskey[] {
  return readIn(project, PASSKEY_FILE, readPasskeys, [])
}

/** As {@link passkeysOf}, for whoever judges in the middle of an execution: of a file that is not good nobody is trusted. */
export function passkeysNow(project: TrustPlace): readonly TrustedPasskey[] {
  return readNow(passkeysOf, project, [])
}

/** Who reviews on a forge, as the project's file says now; undefined without it. Throws InputError, also for one that leads out of the project. */
export function reviewersOf(project: TrustPlace): ForgeReviewers | undefined {
  return readIn(project, REVIEWERS_FILE, (bytes, file) => orProblems(readReviewers(bytes, file)), undefined)
}

/** As {@link reviewersOf}, for whoever judges in the middle of an execution: of a file that is not good nobody reviews. */
export function reviewersNow(project: TrustPlace): ForgeReviewers | undefined {
  return readNow(reviewersOf, project, undefined)
}

/** Throws InputError. */
export function readPasskeys(bytes: string | Uint8Array, file: string): readonly TrustedPasskey[] {
  return orProblems(parsePasskeys(Buffer.from(bytes).toString('utf8'), file))
}

/** Throws InputError. */
export function readTrust(bytes: string | Uint8Array, file: string): readonly AllowedSigner[] {
  return orProblems(parseAllowedSigners(Buffer.from(bytes).toString('utf8'), file))
}

/** What a file of trust holds, in words: `3 keys`. */
export function readTrustFile(content: string | Uint8Array, file: string): ValueOrProblems<string> {
  const text = Buffer.from(content).toString('utf8')
  if (file === REVIEWERS_FILE)
    return heldBy(readReviewers(text, file), ({ reviewers }) => count(reviewers.length, 'reviewer'))
  if (file === PASSKEY_FILE) return heldBy(parsePasskeys(text, file), ({ length }) => count(length, 'key'))
  return heldBy(parseAllowedSigners(text, file), ({ length }) => count(length, 'key'))
}

function heldBy<T>(read: ValueOrProblems<T>, words: (value: T) => string): ValueOrProblems<string> {
  return read.ok ? { ok: true, value: words(read.value) } : read
}
