import type { Problem } from '../../model/problem.ts'
import { type LocatedValue, locatedAt } from '../../text/source/located.ts'
import { expectCall, expectProblems } from './definition/expect.ts'
import { placeIn, type WorkflowStep } from './definition/step.ts'
import type { CheckCall } from './definition/workflow.ts'
import { stepNamed } from './safety/form.ts'
import { DEFAULT_STABLE_FOR, DEFAULT_WITHIN } from './schema/verify-times.ts'

type Verify = Extract<WorkflowStep, { readonly name: 'verify' }>

/** What is wrong with how a change is verified: times that cannot be, and what is compared with what nobody reads. */
export function verifyProblems(steps: readonly WorkflowStep[]): readonly Problem[] {
  const verify = stepNamed(steps, 'verify')
  const about = verify === undefined ? [] : [...timeProblems(verify), ...subjectProblems(verify, areasRead(steps))]
  return [...about, ...neighborProblems(steps)]
}

/** The check that the verify step's expectation comes to; none where it expects nothing. */
export function expectedCalls(steps: readonly WorkflowStep[]): readonly CheckCall[] {
  const verify = stepNamed(steps, 'verify')
  const expect = verify?.input.expect
  return verify === undefined || expect === undefined ? [] : [expectCall(expect, expectIn(verify), areasRead(steps))]
}

/** Whether the neighbours of the switches are watched: as many as the snapshot says, and where it says nothing if something is expected. */
export function watchesNeighbors(steps: readonly WorkflowStep[]): boolean {
  const { neighbors, state = [] } = stepNamed(steps, 'snapshot')?.input ?? {}
  const expects = stepNamed(steps, 'verify')?.input.expect !== undefined
  return state.includes('lldp') && (neighbors === undefined ? expects : neighbors > 0)
}

function timeProblems(verify: Verify): readonly Problem[] {
  const { within = DEFAULT_WITHIN, stableFor = DEFAULT_STABLE_FOR } = verify.input
  if (stableFor <= within) return []
  return [
    {
      code: 'verify-never-ends',
      message: '`stableFor` is longer than `within`: the checks could never have been good for so long',
      at: placeIn(verify, 'stableFor'),
      hint: 'make `within` longer than `stableFor`',
    },
  ]
}

function subjectProblems(verify: Verify, read: readonly string[]): readonly Problem[] {
  const { checks, expect, judges } = verify.input
  if (expect !== undefined) return expectProblems(expect, expectIn(verify), read)
  if (checks !== undefined || judges !== undefined) return []
  const hint = 'add `checks: [reachable]`, or `expect: { everythingElse: unchanged }`'
  return [{ code: 'missing-key', message: '`verify` has neither `checks` nor `expect`', at: verify.at, hint }]
}

function neighborProblems(steps: readonly WorkflowStep[]): readonly Problem[] {
  const snapshot = stepNamed(steps, 'snapshot')
  const { neighbors = 0, state = [] } = snapshot?.input ?? {}
  if (snapshot === undefined || neighbors === 0 || state.includes('lldp')) return []
  const hint = `add it: \`state: [${[...state, 'lldp'].join(', ')}]\``
  const message = '`neighbors` are found by the state area `lldp`, which the snapshot does not read'
  return [{ code: 'neighbors-need-lldp', message, at: placeIn(snapshot, 'neighbors', 'key'), hint }]
}

function areasRead(steps: readonly WorkflowStep[]): readonly string[] {
  return stepNamed(steps, 'snapshot')?.input.state ?? []
}

function expectIn({ located }: Verify): LocatedValue {
  return locatedAt(located, ['expect']) ?? located
}
