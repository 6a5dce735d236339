import { problemOf } from '../model/problem.ts'
import { InputError } from './input-error.ts'
import type { Project } from './project.ts'
import { sitesOf } from './site-of.ts'

/** So many executions of one site at once, where nobody says another number. */
const LIMIT = 20
const MOST = 200

/** What a worker takes. */
export interface WorkerTerms {
  readonly sites: readonly string[]
  /** So many executions of one site at once. */
  readonly limit: number
}

/** What a worker is asked to take: sites by their names with commas, and a number. Throws InputError. */
export function workerTerms(
  project: Pick<Project, 'inventory'>,
  { site, limit }: { readonly site: string | undefined; readonly limit: string | undefined },
): WorkerTerms {
  const known = sitesOf(project)
  const sites = site === undefined ? known : site.split(',').map((name) => name.trim())
  const unknown = sites.filter((name) => !known.includes(name))
  const most = limit === undefined ? LIMIT : Number(limit)
  const isLimit = Number.isInteger(most) && most >= 1 && most <= MOST
  const problems = [
    ...(unknown.length === 0
      ? []
      : [
          problemOf(
            'site',
            'no-such-site',
            `no switch is of the site ${unknown.join(', ')}`,
            `The inventory has: ${known.join(', ')}.`,
          ),
        ]),
    ...(isLimit ? [] : [problemOf('limit', 'bad-usage', `it is a number from 1 to ${MOST}`, 'For example 20.')]),
  ]
  if (problems.length > 0) throw new InputError(problems)
  return { sites, limit: most }
}
