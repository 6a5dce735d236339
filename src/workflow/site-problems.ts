import type { Problem } from '../model/problem.ts'
import { keyPlaceOf, type LocatedValue } from '../source/located.ts'
import { type Form, stepNamed } from './form.ts'
import type { Workflow } from './workflow.ts'

/** What of a workflow cannot be meant for a change that several sites make together, by name. */
export function siteProblems(
  { rollout, watchesNeighbors }: Pick<Workflow, 'rollout' | 'watchesNeighbors'>,
  { kind, steps }: Pick<Form, 'kind' | 'steps'>,
  file: LocatedValue,
): readonly Problem[] {
  if (rollout.sites === undefined) return []
  const lacks = (['approve', 'confirm'] as const).filter((name) => stepNamed(steps, name) === undefined)
  const unmet: readonly (string | false)[] = [
    kind === 'states' && 'the machine of each site is made of `steps`, and this workflow writes its own `states`',
    kind === 'steps' &&
      lacks.length > 0 &&
      `the sites are approved and confirmed together: there is no step ${lacks.map((name) => `\`${name}\``).join(' and ')}`,
    rollout.atomic !== 'change' &&
      `all sites are confirmed together, and \`atomic: ${rollout.atomic}\` confirms less than all`,
    rollout.maxFailures !== 0 && 'all sites are confirmed together, and `maxFailures` leaves switches out',
    rollout.canary !== undefined && 'the sites are changed side by side, so none of them goes first as `canary` says',
    watchesNeighbors && 'a worker reaches the switches of one site, so neighbours are not watched',
  ]
  const at = keyPlaceOf(file, ['rollout', 'sites'])
  return unmet.flatMap((message) =>
    message === false
      ? []
      : [{ code: 'sites-together', message, at, hint: 'delete `sites: together`, or change the workflow' }],
  )
}
