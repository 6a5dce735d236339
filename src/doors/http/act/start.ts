import { problemOf } from '../../../model/problem.ts'
import { type BeginOutcome, beginChange, type ChangeRequest } from '../../../project/execution/begin/begin-change.ts'
import { beginRebased, requireRebase } from '../../../project/execution/begin/rebase.ts'
import { askedUnder } from '../../../project/execution/begin/run-key.ts'
import type { Caller } from '../../../project/identity/caller-of.ts'
import { savedChangeIn } from '../../../project/plan/saved-change.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import type { ActContext, Perform } from '../context/act-context.ts'
import { askAnew } from './ask-anew.ts'
import { begunAnswer } from './begun-answer.ts'
import { changeAsked } from './change-asked.ts'
import { wholePlanOnRecord } from './plan-on-record.ts'

export const start: Perform<'start'> = async (context, caller, input) => {
  const { app } = context
  const prepared = await changeAsked(app, caller, 'execution.start', input)
  const change = { prepared, skipUnreachable: input.skipUnreachable, ...under(input.key, { prepared }) }
  return started(context, caller, () => beginChange(app, caller, change))
}

export const startPlan: Perform<'start-plan'> = async (context, caller, { plan: digest, carry, key }) => {
  const { app } = context
  const { plan } = await wholePlanOnRecord(app, caller, digest, 'execution.start')
  if (carry && plan.content.rebases === undefined) throw madeOnce(digest)
  await askAnew(app, caller)
  if (!carry) {
    const change = await savedChangeIn(app, 'the plan', plan, digest)
    return started(context, caller, () => beginChange(app, caller, { ...change, ...under(key, change) }))
  }
  const rebase = await requireRebase(app, caller, { plan, file: 'the plan' })
  const change = { ...rebase, made: plan, ...under(key, { ...rebase, plan }) }
  return started(context, caller, () => beginRebased(app, caller, change))
}

function madeOnce(digest: string) {
  const message = `the plan ${digest} was not made again of another one: nothing carries to it`
  return new InputError([problemOf('carry', 'invalid-value', message, 'Start it without `carry`.')])
}

function under(key: string | undefined, change: Parameters<typeof askedUnder>[1]): Pick<ChangeRequest, 'request'> {
  return key === undefined ? {} : { request: askedUnder(key, change) }
}

async function started({ runs }: ActContext, caller: Caller, begin: () => Promise<BeginOutcome>): Promise<unknown> {
  runs.requireOpen()
  const made = await begin()
  if (made.kind === 'known') return { execution: made.id, known: true }
  runs.begin(made.state, caller)
  return begunAnswer(made.state)
}
