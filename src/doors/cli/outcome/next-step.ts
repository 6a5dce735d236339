import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Scope } from '../../../model/principal.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import { isRedrivable } from '../../../project/execution/resume/redrivable.ts'
import { type HiddenParams, type Step, showOf, stepsAfterPutBack, stepsOf } from './steps-after.ts'

export interface NextRights {
  may(action: Scope): boolean
  readonly made?: string | undefined
  readonly hidden?: HiddenParams
}

const EVERYTHING: NextRights = { may: () => true }

function allowed(steps: readonly Step[], { may }: NextRights) {
  const [first, ...others] = steps.filter(({ needs }) => may(needs))
  if (first === undefined) return undefined
  return [first.command, ...others.map(({ command, words = 'Or' }) => `      ${words}: ${command}`)].join('\n')
}

/** The command to paste after an execution, by how far it is; undefined where the caller may do nothing. */
export function nextStep(
  app: Pick<RecordApp, 'dispatch'>,
  state: ExecutionState,
  isSuspended: boolean,
  rights: NextRights = EVERYTHING,
): string | undefined {
  return allowed(ownSteps(app, state, isSuspended, rights), rights) ?? allowed([showOf(state)], rights)
}

function ownSteps(
  app: Pick<RecordApp, 'dispatch'>,
  state: ExecutionState,
  isSuspended: boolean,
  { made, hidden }: NextRights,
) {
  return made === undefined ? stepsOf(app, state, isSuspended, hidden) : [stopOf(state)]
}

const stopOf = ({ id, sites }: ExecutionState): Step => ({
  command: `eosflow stop ${sites.part?.of ?? id}`,
  needs: 'execution.stop',
})

/** What leads on from a change that was put back: to plan it again where the change itself was at fault, and has to be mended before, else to send the same again. */
export function afterPutBack(state: ExecutionState, rights: NextRights = EVERYTHING): string | undefined {
  return allowed(stepsAfterPutBack(state, rights.hidden), rights)
}

/** The command after an execution that has just ended or rests: what leads on, or what follows a put-back. */
export function afterRun(
  app: Pick<RecordApp, 'dispatch'>,
  state: ExecutionState,
  isSuspended: boolean,
  rights: NextRights = EVERYTHING,
): string | undefined {
  const own = ownSteps(app, state, isSuspended, rights)
  const isPutBack = state.outcome === 'rolled-back' || state.outcome === 'cancelled'
  const steps = own.length === 0 && isPutBack ? stepsAfterPutBack(state, rights.hidden) : own
  return allowed(steps, rights) ?? allowed([showOf(state)], rights)
}

/** What leads on from an execution that is shown: how it is ended while it has not, and what to do after its end. */
export function onward(
  app: Pick<RecordApp, 'dispatch'>,
  state: ExecutionState,
  isSuspended: boolean,
  rights: NextRights = EVERYTHING,
): string | undefined {
  const { id, outcome } = state
  const own = ownSteps(app, state, isSuspended, rights)
  if (outcome === undefined) {
    const stop: Step = { ...stopOf(state), words: 'To end it and put back what it has changed' }
    return allowed(rights.made === undefined ? [...own, stop] : own, rights)
  }
  if (own.length > 0) return allowed(own, rights)
  if (isRedrivable(state)) return allowed(stepsAfterPutBack(state, rights.hidden), rights)
  return allowed(
    [{ command: `eosflow ${outcome === 'unknown' ? `history ${id}` : 'executions'}`, needs: 'execution.read' }],
    rights,
  )
}
