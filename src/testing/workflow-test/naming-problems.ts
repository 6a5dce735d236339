import { posix } from 'node:path'
import type { Place, Problem } from '../../model/problem.ts'
import type { Path } from '../../source/located.ts'
import { didYouMean } from '../../source/suggest.ts'
import { statesIn } from '../../workflow/walk.ts'
import type { TestCase } from './test-case.ts'

/** The word for the undoing of a change, which is no state of the machine. */
export const ROLLBACK = 'Rollback'

/** What a case names that is not there: switches, states, checks, files outside the project. */
export function namingProblems(testCase: TestCase, place: (path: Path) => Place): readonly Problem[] {
  return [
    ...faultProblems(testCase, place),
    ...stateProblems(testCase, place),
    ...checkProblems(testCase, place),
    ...pathProblems(testCase, place),
  ]
}

function faultProblems({ fabric, faults }: TestCase, place: (path: Path) => Place): readonly Problem[] {
  const known = fabric.devices.map(({ name }) => name)
  return faults.flatMap(({ fault: { device } }, index) => {
    if (known.includes(device)) return []
    const message = `\`${device}\` is no switch of the fabric ${fabric.name}`
    const at = place(['faults', index, 'device'])
    return [{ code: 'unknown-device', message, at, hint: didYouMean(device, known) }]
  })
}

function stateProblems(
  { workflow, faults, interrupt, expect }: TestCase,
  place: (path: Path) => Place,
): readonly Problem[] {
  const known = [...statesIn(workflow.machine).map(({ state }) => state.name), ROLLBACK]
  const named: readonly (readonly [string | undefined, Path])[] = [
    ...faults.map(({ when }, index) => [when, ['faults', index, 'when']] as const),
    [interrupt, ['interrupt']],
    ...(expect.states ?? []).map((state, index) => [state, ['expect', 'states', index]] as const),
  ]
  return named.flatMap(([state, path]) => {
    if (state === undefined || known.includes(state)) return []
    const message = `the workflow ${workflow.name} has no state \`${state}\``
    return [{ code: 'unknown-state', message, at: place(path), hint: didYouMean(state, known) }]
  })
}

function checkProblems({ workflow, expect }: TestCase, place: (path: Path) => Place): readonly Problem[] {
  const known = [...new Set(['reachable', ...workflow.checks.map(({ name }) => name)])]
  return Object.entries(expect.checks ?? {}).flatMap(([device, checks]) =>
    Object.keys(checks)
      .filter((check) => !known.includes(check))
      .map((check) => {
        const message = `the workflow ${workflow.name} has no check \`${check}\``
        const at = place(['expect', 'checks', device, check])
        return { code: 'unknown-check', message, at, hint: didYouMean(check, known) }
      }),
  )
}

/** Files that `--update` writes and that tests read stay inside the project. */
function pathProblems({ expect, file }: TestCase, place: (path: Path) => Place): readonly Problem[] {
  const named: readonly (readonly [string | undefined, Path])[] = [
    [expect.plan, ['expect', 'plan']],
    ...Object.entries(expect.running ?? {}).map(
      ([device, { equals }]) => [equals, ['expect', 'running', device, 'equals']] as const,
    ),
  ]
  return named.flatMap(([path, at]) => {
    if (path === undefined) return []
    const whole = posix.join(posix.dirname(file), path)
    if (!path.startsWith('/') && whole !== '..' && !whole.startsWith('../')) return []
    const hint = 'name a file inside the project, relative to this file'
    return [{ code: 'outside-project', message: `${path} lies outside the project`, at: place(at), hint }]
  })
}
