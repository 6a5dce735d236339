import { type ForgeReviewers, readReviewers } from '../../../change/policy/reviews.ts'
import type { ValueOrProblems } from '../../../model/problem.ts'
import { count } from '../../../report/text/count.ts'
import { PASSKEY_FILE, REVIEWERS_FILE, TRUST_FILE, unreadableTrust } from '../../files/loaded-policy.ts'
import type { Project } from '../../files/project.ts'
import { InputError, orProblems } from '../../system/process/input-error.ts'
import { parsePasskeys, type TrustedPasskey } from '../passkey/trusted-passkeys.ts'
import { type AllowedSigner, parseAllowedSigners } from '../ssh/ssh-allowed-signers.ts'

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
