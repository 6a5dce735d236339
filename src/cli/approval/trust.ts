import { type AllowedSigner, parseAllowedSigners } from '../../identity/ssh-allowed-signers.ts'
import { InputError, orProblems } from '../failure.ts'
import type { Project } from '../project.ts'

/** Where a project keeps the keys of the people who may approve. */
export const TRUST_FILE = 'trust/allowed_signers'

/** The keys that a project trusts, as they are now; none without the file. Throws InputError. */
export function trustOf({ files }: Pick<Project, 'files'>): readonly AllowedSigner[] {
  const bytes = files(TRUST_FILE)
  return bytes === undefined ? [] : readTrust(bytes, TRUST_FILE)
}

/** As {@link trustOf}, for whoever judges in the middle of an execution: of a file that is not good nobody is trusted. */
export function trustNow(project: Pick<Project, 'files'>): readonly AllowedSigner[] {
  try {
    return trustOf(project)
  } catch (error) {
    if (error instanceof InputError) return []
    throw error
  }
}

/** Reads a file of allowed signers. Throws InputError. */
export function readTrust(bytes: string | Uint8Array, file: string): readonly AllowedSigner[] {
  return orProblems(parseAllowedSigners(Buffer.from(bytes).toString('utf8'), file))
}
