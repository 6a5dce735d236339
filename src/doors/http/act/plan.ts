import { requirePlanning } from '../../../project/execution/begin/plan-change.ts'
import { requireRebase } from '../../../project/execution/begin/rebase.ts'
import { askedUnder, beginOnce, begunUnder } from '../../../project/execution/begin/run-key.ts'
import type { Beginning } from '../../../project/execution/journal/record-beginning.ts'
import type { Caller } from '../../../project/identity/caller-of.ts'
import type { ActContext, Perform } from '../context/act-context.ts'
import { askAnew } from './ask-anew.ts'
import { begunAnswer } from './begun-answer.ts'
import { changeAsked } from './change-asked.ts'
import { wholePlanOnRecord } from './plan-on-record.ts'

export const plan: Perform<'plan'> = async (context, caller, input) => {
  const prepared = await changeAsked(context.app, caller, 'plan.create', input)
  return planned(context, caller, { prepared, skipUnreachable: input.skipUnreachable }, input.key)
}

export const rebase: Perform<'rebase'> = async (context, caller, { plan: digest, key }) => {
  const { app } = context
  const { plan } = await wholePlanOnRecord(app, caller, digest, 'execution.start')
  await askAnew(app, caller)
  const { prepared, approved } = await requireRebase(app, caller, { plan, file: 'the plan' })
  return planned(context, caller, { prepared, skipUnreachable: false, rebases: approved.digest }, key)
}

async function planned(
  { app, runs }: ActContext,
  caller: Caller,
  asked: Pick<Beginning, 'prepared' | 'rebases'> & { readonly skipUnreachable: boolean },
  key: string | undefined,
): Promise<unknown> {
  const { prepared, skipUnreachable } = asked
  const judged = await requirePlanning(app, caller, prepared)
  const request = key === undefined ? undefined : askedUnder(key, asked)
  const compared = { purpose: 'plan', params: prepared.params, skipUnreachable } as const
  const known = request === undefined ? undefined : await begunUnder(app, caller, request, compared)
  if (known !== undefined) return { execution: known, known: true }
  runs.requireOpen()
  const under = request === undefined ? {} : { request }
  const begun = await beginOnce(app, caller, { purpose: 'plan', judged, ...asked, ...under })
  if (typeof begun === 'string') return { execution: begun, known: true }
  runs.begin(begun, caller)
  return begunAnswer(begun)
}
