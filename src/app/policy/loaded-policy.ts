import { type Problem, problemOf } from '../../model/problem.ts'
import { type Policy, policyDigest } from '../../policy/policy.ts'
import { readPolicy } from '../../policy/read-policy.ts'
import { absenceWords } from '../../source/files.ts'
import type { Files } from '../../workflow/files.ts'
import { InputError, orProblems } from '../input-error.ts'

/** Which SSH keys sign for whom, in the form of OpenSSH's allowed_signers: it decides as much as the policy does. */
export const TRUST_FILE = 'trust/allowed_signers'

/** The policy of a project as its files are now, and the digest that plans and approvals are bound to. */
export interface LoadedPolicy {
  readonly policy: Policy
  readonly digest: string
}

/** Reads the policy that is there. Throws InputError when it is not good: one that cannot be read is never passed over. */
export function loadPolicy(files: Files, path: string, stands: (path: string) => boolean): LoadedPolicy {
  const content = files(path)
  if (content === undefined) throw new InputError([unreadable(files, path)])
  const trust = textOf(files(TRUST_FILE))
  if (trust === null && stands(TRUST_FILE)) throw new InputError([unreadableTrust(files)])
  const text = textOf(content) ?? ''
  const last = lastLoaded.get(files)
  if (last?.text === text && last.trust === trust) return last.loaded
  const policy = orProblems(readPolicy(content, path))
  const loaded = { policy, digest: policyDigest(policy, trust) }
  lastLoaded.set(files, { text, trust, loaded })
  return loaded
}

/** The policy that was read last from these files: every state of every switch asks it. */
const lastLoaded = new WeakMap<Files, { text: string; trust: string | null; loaded: LoadedPolicy }>()

function textOf(content: string | Uint8Array | undefined): string | null {
  if (content === undefined) return null
  return typeof content === 'string' ? content : Buffer.from(content).toString('latin1')
}

/** The keys that are trusted decide as much as the policy: a file of them that cannot be read is never taken for none. */
export function unreadableTrust(files: Files): Problem {
  return problemOf(
    TRUST_FILE,
    'unreadable-trust',
    `the trusted keys cannot be read from inside the project: the file ${absenceWords(files, TRUST_FILE)}`,
    'Put the file itself into the project and make it readable: a link that leads out of the project is not followed.',
  )
}

function unreadable(files: Files, file: string): Problem {
  return problemOf(
    file,
    'unreadable-policy',
    `the policy cannot be read from inside the project: the file ${absenceWords(files, file)}`,
    'Put it into the project and make it readable; `policy:` in eosflow.yaml names it.',
  )
}
