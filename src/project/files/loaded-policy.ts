import { type Policy, policyDigest } from '../../change/policy/policy.ts'
import { readPolicy } from '../../change/policy/read-policy.ts'
import type { Files } from '../../change/workflow/template/files.ts'
import { type Problem, problemOf } from '../../model/error.ts'
import { absenceWords } from '../../text/source/files.ts'
import { InputError, inputError, orProblems } from '../system/process/input-error.ts'

/** Which SSH keys sign for whom, in the form of OpenSSH's allowed_signers: it decides as much as the policy does. */
export const TRUST_FILE = 'trust/allowed_signers'

export const PASSKEY_FILE = 'trust/passkeys'

export const REVIEWERS_FILE = 'trust/reviewers.yaml'

export const TRUST_FILES = [TRUST_FILE, PASSKEY_FILE, REVIEWERS_FILE] as const

export interface LoadedPolicy {
  readonly policy: Policy
  readonly digest: string
}

/** Throws InputError when it is not good: one that cannot be read is never passed over. */
export function loadPolicy(files: Files, path: string, stands: (path: string) => boolean): LoadedPolicy {
  const content = files(path)
  if (content === undefined) throw new InputError([unreadable(files, path)])
  requireUnlinked(files, path)
  const [trust, passkeys, reviewers] = TRUST_FILES.map((file) => trustText(files, file, stands)) as [Text, Text, Text]
  const text = textOf(content) ?? ''
  const last = lastLoaded.get(files)
  const isSame = last?.text === text && last.trust === trust && last.passkeys === passkeys
  if (isSame && last.reviewers === reviewers) return last.loaded
  const policy = orProblems(readPolicy(content, path))
  const loaded = { policy, digest: policyDigest(policy, trust, passkeys, reviewers) }
  lastLoaded.set(files, { text, trust, passkeys, reviewers, loaded })
  return loaded
}

const lastLoaded = new WeakMap<
  Files,
  { text: string; trust: Text; passkeys: Text; reviewers: Text; loaded: LoadedPolicy }
>()

type Text = string | null

function trustText(files: Files, file: string, stands: (path: string) => boolean): Text {
  const text = textOf(files(file))
  if (text !== null) requireUnlinked(files, file)
  else if (stands(file)) throw new InputError([unreadableTrust(files, file)])
  return text
}

function requireUnlinked(files: Files, file: string) {
  if (files.isLinked?.(file) !== true) return
  throw inputError(
    file,
    'linked-policy',
    'the file decides who may do what, and it is a symbolic link or lies behind one',
    'Put the file itself there: a link is followed for no file that decides.',
  )
}

function textOf(content: string | Uint8Array | undefined): Text {
  if (content === undefined) return null
  return typeof content === 'string' ? content : Buffer.from(content).toString('latin1')
}

/** The keys that are trusted decide as much as the policy: a file of them that cannot be read is never taken for none. */
export function unreadableTrust(files: Files, file: string): Problem {
  return problemOf(
    file,
    'unreadable-trust',
    `the trusted keys cannot be read from inside the project: the file ${absenceWords(files, file)}`,
    'Put the file itself into the project and make it readable: a link that leads out of the project is not followed.',
  )
}

function unreadable(files: Files, file: string) {
  return problemOf(
    file,
    'unreadable-policy',
    `the policy cannot be read from inside the project: the file ${absenceWords(files, file)}`,
    'Put it into the project and make it readable; `policy:` in eosflow.yaml names it.',
  )
}
