import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import type { SignedStatement } from '../../../model/approval.ts'
import { definedMembers } from '../../../model/json.ts'
import type { AskMode } from '../../../project/approval/approvals.ts'
import { askedUnder, beginChange, keyOfChange, type Request } from '../../../project/execution/begin/begin-change.ts'
import { resume } from '../../../project/execution/resume/resume.ts'
import { carryOut } from '../../../project/execution/run/carry-out.ts'
import { watchBegun } from '../../../project/history/watch/watch.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { text } from '../option/options.ts'
import type { CommandContext } from '../terminal/compose.ts'
import { progressTeller } from '../terminal/progress-teller.ts'
import { askModeOf, noLongerWatching, recap, report } from './execution-report.ts'

interface GivenBeginning {
  readonly prepared: PreparedChange
  readonly plan?: Plan
  readonly approvals?: Iterable<SignedStatement>
  readonly planned?: () => Promise<void>
  readonly stepOf?: (state: ExecutionState) => string | undefined
}

function isDeclined({ outcome }: ExecutionState) {
  return outcome === 'refused' || outcome === 'cancelled'
}

/** Begins a change by the flags of `run`, and makes it. */
export async function beginGiven(
  context: CommandContext,
  { prepared, plan, approvals = [], planned, stepOf }: GivenBeginning,
): Promise<number> {
  const { app, caller, invocation, options } = context
  const ask = askModeOf(invocation)
  const beginning = { prepared, ...definedMembers({ plan }) }
  const request = requestOf(options.key, beginning)
  const breakGlass = text(options.breakGlass)
  const started = await beginChange(app, caller, {
    ...beginning,
    skipUnreachable: options.skipUnreachable === true,
    noWait: options.wait === false,
    ...definedMembers({ request, breakGlass }),
    approvals,
  })
  if (started.kind === 'known') return again(context, started.id, ask)
  let state: ExecutionState | undefined
  const carried = async () => {
    state = await carryOut(app, caller, started.state, ask)
    return state
  }
  const code = await report(context, started.state.id, carried, stepOf)
  if (state?.plan !== undefined && !isDeclined(state)) await planned?.()
  return code
}

// One that another process runs is followed, or with `detach` refused as `busy`; one that nobody runs is taken up, unless a person has
// suspended it.
async function again(context: CommandContext, id: string, ask: AskMode) {
  const { app, caller, invocation } = context
  const left = await watchBegun(app, caller, id, ask.detach === true, progressTeller(invocation))
  if (left === undefined) return noLongerWatching(invocation, id)
  if (left.isLeft) return recap(context, left.state)
  return report(context, id, () => resume(app, caller, id, ask))
}

const KEY = /^[\w.:/@+-]{1,128}$/

/** What `--key` asks for: the key, and a digest of the saved plan, or of the definition and the switches. Without it a change file has the key of its path and its digest. */
export function requestOf(
  key: unknown,
  { plan, prepared }: { plan?: Plan; prepared: PreparedChange },
): Request | undefined {
  const { changeFile: change } = prepared
  // Of a saved plan the approval is used once.
  if (key === undefined && change !== undefined && plan === undefined)
    return askedUnder(keyOfChange(change), { prepared })
  if (typeof key !== 'string') return undefined
  if (!KEY.test(key)) {
    throw inputError(
      '--key',
      'bad-key',
      'a key is made of 1 to 128 letters, digits and _ . : / @ + -',
      'Give for example the number of the job.',
    )
  }
  return askedUnder(key, { ...definedMembers({ plan }), prepared })
}
