import { readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { lackedBy } from '../../change/plan/lacked-state.ts'
import type { Plan } from '../../change/plan/plan.ts'
import { isOwnSeal, isSealGood } from '../../change/plan/seal.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers, givenJson } from '../../model/json.ts'
import { short } from '../../report/text/text.ts'
import type { ProjectStore } from '../app/store/project-store.ts'
import type { Project } from '../files/project.ts'
import { readTrust, trustNow } from '../identity/signers/common-server-key.ts'
import {
  type AllowedSigner,
  PLAN_NAMESPACE,
  signerOfKey,
  sshFingerprint,
  sshKeyOf,
} from '../identity/ssh/ssh-allowed-signers.ts'
import { type SigningKeys, signingKeys } from '../system/machine/key-files.ts'
import type { Console } from '../system/process/console.ts'
import type { Host, WordedHost } from '../system/process/host.ts'
import { type InputError, inputError } from '../system/process/input-error.ts'
import { readGiven } from '../system/process/read-given.ts'
import { noSeams } from '../system/process/seams.ts'

export interface SealTrust {
  readonly installKey?: string
  readonly own: readonly string[]
  readonly signers: readonly AllowedSigner[]
  /** Wall time in milliseconds since the epoch: a key has to be valid now, and when the plan was made. */
  readonly now: number
}

/** Whom somebody believes who looks at a plan file: the file of allowed signers that is `given`, else the project, where there is one. */
export function sealTrustHere(host: Host, given: string | undefined, project: Project | undefined): SealTrust {
  const { EOSFLOW_KEY: installKey } = host.env
  const folder = project === undefined ? undefined : dirname(project.store)
  return {
    ...definedMembers({ installKey }),
    own: folder === undefined ? [] : publicKeys(signingKeys(folder, host.env)),
    signers:
      given === undefined ? (project === undefined ? [] : trustNow(project)) : readTrust(readGiven(host, given), given),
    now: (host.seams ?? noSeams).clock.now(),
  }
}

function publicKeys(keys: SigningKeys) {
  const ring = keys.read('plan')
  return ring === undefined ? [] : [ring.key.publicKey]
}

/**
 * Throws `stale` unless an installation of this install key has sealed the plan as it is: a digest anybody can make anew, and only under
 * that key can what the switches show be compared with the plan.
 */
export function requireSealed(plan: Plan, { key, keys }: Pick<ProjectStore, 'key' | 'keys'>): void {
  requireUnaltered(plan)
  const retired = keys.read('plan')?.retired ?? []
  if (retired.some(({ publicKey }) => publicKey === plan.seal?.key)) {
    throw new EosflowError('stale', 'the plan was sealed by a plan key that was replaced here', {
      hint: 'Plan again and have the new plan approved.',
    })
  }
  if (isOwnSeal(key.text, plan)) return
  // Whoever has stolen a key that was replaced can seal a plan with it.
  if (key.former.some((one) => isOwnSeal(one, plan)))
    throw new EosflowError('stale', 'the plan was sealed under an install key that was replaced', {
      hint: 'Plan again and have the new plan approved.',
    })
  throw new EosflowError('stale', 'nothing here vouches for this plan: it was sealed under another install key', {
    hint: 'Plan here, or give both machines the same EOSFLOW_KEY.',
  })
}

/**
 * The same for whoever reads a plan or decides about it: that nobody vouches for its seal is said, and stops nothing, because where it
 * is run it is checked. Throws `stale` for a plan that was changed after it was made.
 */
export function checkSeal({ tell, words }: Pick<Console, 'tell'> & WordedHost, plan: Plan, trust: SealTrust): void {
  requireUnaltered(plan)
  const stranger = strangerOf(plan, trust)
  if (stranger !== undefined) tell(`! seal not checked: ${stranger}; ${words({ code: 'name-allowed-signers' })}\n`)
}

function requireUnaltered(plan: Plan) {
  if (isSealGood(plan)) return
  throw new EosflowError('stale', 'the plan does not match its seal: it was changed after it was made', {
    hint: 'Plan again and have the new plan approved.',
  })
}

function strangerOf(plan: Plan, { installKey, own, signers, now }: SealTrust) {
  const { seal, evidence } = plan
  if (seal === undefined) return 'it carries no seal'
  if (own.includes(seal.key) || (installKey !== undefined && isOwnSeal(installKey, plan))) return undefined
  const key = sshKeyOf(seal.key)
  if (signers.length === 0) return `it was sealed elsewhere, by the plan key ${sshFingerprint(key)}`
  const found = signerOfKey(signers, {
    key,
    namespace: PLAN_NAMESPACE,
    times: [Date.parse(evidence.createdAt), now],
  })
  return typeof found === 'string' ? `it was sealed elsewhere, and ${found}` : undefined
}

const MOST_FILES = 50

/** The saved plan in a folder, as it is named from here, that has this digest; undefined where there is none. `beside`: a file of the folder. */
export function planFileOf(host: Host, digest: string, beside: string): string | undefined {
  const folder = dirname(beside)
  try {
    const names = readdirSync(resolve(host.cwd, folder)).filter((name) => name.endsWith('.plan'))
    return names
      .slice(0, MOST_FILES)
      .map((name) => join(folder, name))
      .find((path) => digestIn(host, path) === digest)
  } catch {
    return undefined
  }
}

function digestIn(host: Host, path: string) {
  try {
    return (givenJson(Buffer.from(readGiven(host, path)).toString('utf8')) as { readonly digest?: unknown }).digest
  } catch {
    return undefined
  }
}

/** Throws `stale` when a person decided about another plan than this one. `other`: the saved plan that has their digest, where one is known. */
export function requireSameDigest(plan: Plan, digest: string, other?: string): void {
  if (plan.digest === digest) return
  if (other !== undefined)
    throw new EosflowError('stale', `the digest ${short(digest)} is that of ${other}; this plan has ${plan.digest}`, {
      hint: `Name ${other}, or read this plan and give its own digest.`,
    })
  throw new EosflowError('stale', `the plan's digest is ${plan.digest}, not ${digest}`, {
    hint: 'It is the digest of another plan, or the plan was made again since: review this one and approve its digest.',
  })
}

/** Throws InputError for a plan that says itself that it lacks what its checks compare with: nobody runs it, so nobody approves it. */
export function requireState(host: WordedHost, plan: Plan, shown: string): void {
  const lacked = lackedBy(plan)
  if (lacked !== undefined) throw noState(host, lacked, shown)
}

/** Of a plan whose change could not be verified; `lacked`: why, behind `the plan was`. */
export function noState({ words }: WordedHost, lacked: string, shown: string): InputError {
  return inputError(shown, 'no-state', `the plan was ${lacked}`, words({ code: 'plan-online' }))
}
