import { errorOf } from '../../../change/engine/outcome.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import { againHint, keepsBases } from '../../../change/plan/settled.ts'
import type { SignedStatement } from '../../../model/approval.ts'
import { EosflowError } from '../../../model/error.ts'
import type { AskMode } from '../../../project/approval/approvals.ts'
import { readApprovalFile } from '../../../project/approval/ssh-signing.ts'
import { beginRebased, plannedAgain } from '../../../project/execution/begin/begin-change.ts'
import { carryOut } from '../../../project/execution/run/carry-out.ts'
import { openProject } from '../../../project/files/project.ts'
import { isPlanFile, readPlanFile } from '../../../project/history/plans/plan-source.ts'
import { savedChangeIn } from '../../../project/plan/planning.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { beginGiven, requestOf } from '../execution/begin-given.ts'
import { askModeOf, report } from '../execution/execution-report.ts'
import { bytesGiven, givenChange } from '../option/given-change.ts'
import { texts } from '../option/options.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const [word = ''] = args
  const project = openProject(io, global)
  const bytes = bytesGiven(io, project, word)
  if (options.rebase === true) return runAgain(invocation, { word, isPlan: isPlanFile(word, bytes) })
  // What is typed wrong is said before the store is opened.
  const { digest } = askModeOf(invocation)
  if (!isPlanFile(word, bytes)) {
    const prepared = givenChange(invocation, project, word)
    requestOf(options.key, { prepared })
    const approvals = givenApprovals(invocation, word, undefined)
    return withApp(invocation, (context) => beginGiven(context, { prepared, approvals }))
  }
  const plan = readPlanFile(io, word)
  if (options.skipUnreachable === true) throw alreadyPlanned(word)
  requireNoOtherChange(word, options)
  return withApp(invocation, async (context) => {
    const saved = await savedChangeIn(context.app, word, plan, digest)
    return beginGiven(context, {
      ...saved,
      approvals: givenApprovals(invocation, word, plan),
      stepOf: (state) => stepAgain(word, plan, state),
    })
  })
}

function stepAgain(word: string, plan: Plan, state: ExecutionState) {
  if (!keepsBases(plan) || errorOf(state)?.hint !== againHint(plan)) return undefined
  return `eosflow run ${shellWord(word)} --rebase`
}

async function runAgain(invocation: Invocation, { word, isPlan }: { readonly word: string; readonly isPlan: boolean }) {
  const { io, options } = invocation
  if (!isPlan) throw notSaved(word)
  if (options.skipUnreachable === true) throw alreadyPlanned(word)
  requireNoOtherChange(word, options)
  requireCarried(word, options)
  const plan = readPlanFile(io, word)
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    const approvals = givenApprovals(invocation, word, plan)
    const again = await plannedAgain(app, caller, { plan, file: word, approvals })
    const started = await beginRebased(app, caller, { ...again, noWait: options.wait === false })
    if (started.kind === 'known') throw new EosflowError('bug', `${started.id} was begun without a key`)
    const ask: AskMode = { detach: options.detach === true }
    return report(context, started.state.id, () => carryOut(app, caller, started.state, ask))
  })
}

const NOT_CARRIED = {
  approve: ['--approve', 'it approves one digest, and another plan is made'],
  breakGlass: ['--break-glass', 'no approval is asked for then, so that there is nothing to carry'],
  key: ['--key', 'the plan that is made is another one each time'],
} as const

// Throws InputError where something is given beside `--rebase` that has no meaning there.
function requireCarried(file: string, options: Invocation['options']) {
  const found = Object.entries(NOT_CARRIED).find(([name]) => options[name] !== undefined)
  if (found === undefined) return
  const [, [flag, why]] = found
  throw inputError(
    file,
    'bad-usage',
    `${flag} beside --rebase: ${why}`,
    `Run it without ${flag}, or plan again and have the new plan approved.`,
  )
}

function notSaved(file: string) {
  return inputError(
    file,
    'no-plan',
    '--rebase makes a saved plan again, and this is a workflow',
    'Name the saved plan that was approved; a workflow is planned anew each time.',
  )
}

const OTHER_CHANGE = { target: '-t', param: '-p', params: '--params' } as const

// Throws InputError where other switches or values are given than those that a saved plan was made and approved for.
function requireNoOtherChange(file: string, options: Invocation['options']) {
  const given = Object.entries(OTHER_CHANGE).filter(([name]) => [options[name] ?? []].flat().length > 0)
  if (given.length === 0) return
  const flags = given.map(([, flag]) => flag).join(', ')
  throw inputError(
    file,
    'bad-usage',
    `${flags}: a saved plan is fixed: its switches and values are the approved ones`,
    `Plan again with ${flags}, and have the new plan approved.`,
  )
}

function alreadyPlanned(file: string) {
  return inputError(
    file,
    'bad-usage',
    'a saved plan says already which switches it is for',
    'Plan again with --skip-unreachable, and have the new plan approved.',
  )
}

// Throws InputError.
function* givenApprovals(
  { io, options }: Invocation,
  file: string,
  plan: Plan | undefined,
): Generator<SignedStatement> {
  for (const path of texts(options.approval)) {
    if (plan === undefined)
      throw inputError(
        file,
        'no-plan',
        'a signed approval is for a saved plan, and this is a workflow',
        'Save the plan with `eosflow plan -o FILE`, have it approved, and run that file.',
      )
    yield readApprovalFile(io, path)
  }
}
