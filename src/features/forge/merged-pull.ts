import { EosflowError } from '../../model/error.ts'
import type { Forge, ForgePull } from '../../model/forge.ts'

export type NamedPull = number | { readonly mergedAs: string }

/** Throws `not-approved` where the commit was not brought by exactly one, and as {@link Forge}. */
export async function pullNamed(forge: Forge, named: NamedPull): Promise<ForgePull> {
  if (typeof named === 'number') return forge.pull(named)
  const { mergedAs: commit } = named
  const numbers = await forge.pullsOf(commit)
  const pulls = await Promise.all(numbers.map((number) => forge.pull(number)))
  const [found, ...others] = pulls.filter(({ isMerged, mergeCommit }) => isMerged && mergeCommit === commit)
  if (found !== undefined && others.length === 0) return found
  const count = found === undefined ? 'no' : 'more than one'
  throw new EosflowError('not-approved', `the commit ${commit} was brought by ${count} pull request`, {
    hint: 'Nothing was approved, and nothing was written there.',
  })
}
