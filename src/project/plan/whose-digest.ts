import { readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Plan } from '../../change/plan/plan.ts'
import { EosflowError } from '../../model/error.ts'
import { givenJson } from '../../model/json.ts'
import { short } from '../../report/text/count.ts'
import type { Host } from '../system/process/host.ts'
import { readGiven } from '../system/process/read-given.ts'

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
