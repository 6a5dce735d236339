import { type ForgeReviewers, readReviewers } from '../../../change/policy/reviews.ts'
import type { ValueOrProblems } from '../../../model/problem.ts'
import { count } from '../../../report/text/count.ts'
import { PASSKEY_FILE, REVIEWERS_FILE, TRUST_FILE, unreadableTrust } from '../../files/loaded-policy.ts'
import type { Project } from '../../files/project.ts'
import { InputError, orProblems } from '../../system/process/input-error.ts'
import { parsePasskeys, type TrustedPasskey } from '../passkey/trusted-passkeys.ts'
import { type AllowedSigner, parseAllowedSigners } from '../ssh/ssh-allowed-signers.ts'

/** Throws InputError, also for one that leads out of the project. */
export function trustOf({ files, stands }: Pick<Project, 'files' | 'stands'>): readonly AllowedSigner[] {
  const bytes = files(TRUST_FILE)
  if (bytes !== undefined) return readTrust(bytes, TRUST_FILE)
  if (stands(TRUST_FILE)) throw new InputError([unreadableTrust(files, TRUST_FILE)])
  return []
}

/** As {@link trustOf}, for whoever judges in the middle of an execution: of a file that is not good nobody is trusted. */
export function trustNow(project: Pick<Project, 'files' | 'stands'>): readonly AllowedSigner[] {
  try {
    return trustOf(project)
  } catch (error) {
    if (error instanceof InputError) return []
    throw error
  }
}

/** Throws InputError, also for one that leads out of the project. */
export function passkeysOf({ files, stands }: Pick<Project, 'files' | 'stands'>): readonly TrustedPasskey[] {
  const bytes = files(PASSKEY_FILE)
  if (bytes !== undefined) return readPasskeys(bytes, PASSKEY_FILE)
  if (stands(PASSKEY_FILE)) throw new InputError([unreadableTrust(files, PASSKEY_FILE)])
  return []
}

/** As {@link passkeysOf}, for whoever judges in the middle of an execution: of a file that is not good nobody is trusted. */
export function passkeysNow(project: Pick<Project, 'files' | 'stands'>): readonly TrustedPasskey[] {
  try {
    return passkeysOf(project)
  } catch (error) {
    if (error instanceof InputError) return []
    throw error
  }
}

/** Who reviews on a forge, as the project's file says now; undefined without it. Throws InputError, also for one that leads out of the project. */
export function reviewersOf({ files, stands }: Pick<Project, 'files' | 'stands'>): ForgeReviewers | undefined {
  const bytes = files(REVIEWERS_FILE)
  if (bytes !== undefined) return orProblems(readReviewers(bytes, REVIEWERS_FILE))
  if (stands(REVIEWERS_FILE)) throw new InputError([unreadableTrust(files, REVIEWERS_FILE)])
  return undefined
}

/** As {@link reviewersOf}, for whoever judges in the middle of an execution: of a file that is not good nobody reviews. */
export function reviewersNow(project: Pick<Project, 'files' | 'stands'>): ForgeReviewers | undefined {
  try {
    return reviewersOf(project)
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
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
