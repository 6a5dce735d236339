import { askedUnder, beginOnce, begunUnder } from '../../app/execution/run-key.ts'
import { requirePlanning } from '../../app/plan/plan-change.ts'
import type { Perform } from '../act-context.ts'
import { begunAnswer } from './begun-answer.ts'
import { changeAsked } from './change-asked.ts'

/** Begins the plan of a change: its switches say what they would make of it. Gives the execution. */
export const plan: Perform<'plan'> = async (context, caller, input) => {
  const { app, runs } = context
  const prepared = await changeAsked(app, caller, 'plan.create', input)
  await requirePlanning(app, caller, prepared)
  const request = input.key === undefined ? undefined : askedUnder(input.key, { prepared })
  const { skipUnreachable } = input
  const compared = { purpose: 'plan', params: prepared.params, skipUnreachable } as const
  const known = request === undefined ? undefined : await begunUnder(app, caller, request, compared)
  if (known !== undefined) return { execution: known, known: true }
  runs.requireOpen()
  const asked = request === undefined ? {} : { request }
  const begun = await beginOnce(app, caller, { purpose: 'plan', prepared, skipUnreachable, ...asked })
  if (typeof begun === 'string') return { execution: begun, known: true }
  runs.begin(begun, caller)
  return begunAnswer(begun)
}
