import type { Caller } from '../../app/caller.ts'
import { beginChange, type ChangeRequest } from '../../app/execution/begin-change.ts'
import { askedUnder } from '../../app/execution/run-key.ts'
import { savedChange } from '../../app/plan/saved-change.ts'
import type { ActContext, Perform } from '../act-context.ts'
import { askAnew } from './ask-anew.ts'
import { begunAnswer } from './begun-answer.ts'
import { changeAsked } from './change-asked.ts'
import { wholePlanOnRecord } from './plan-on-record.ts'

/** Begins a change that is planned first. */
export const start: Perform<'start'> = async (context, caller, input) => {
  const prepared = await changeAsked(context.app, caller, 'execution.start', input)
  return started(context, caller, { prepared, skipUnreachable: input.skipUnreachable }, input.key)
}

/** Begins the change of a plan on record. */
export const startPlan: Perform<'start-plan'> = async (context, caller, { plan: digest, key }) => {
  const { app } = context
  const { plan } = await wholePlanOnRecord(app, caller, digest, 'execution.start')
  await askAnew(app, caller)
  return started(context, caller, await savedChange(app, app.project, 'the plan', plan, digest), key)
}

async function started(
  context: ActContext,
  caller: Caller,
  change: ChangeRequest,
  key: string | undefined,
): Promise<unknown> {
  const { app, runs } = context
  runs.requireOpen()
  const request = key === undefined ? {} : { request: askedUnder(key, change) }
  const made = await beginChange(app, caller, { ...change, ...request })
  if (made.kind === 'known') return { execution: made.id, known: true }
  runs.begin(made.state, caller)
  return begunAnswer(made.state)
}
