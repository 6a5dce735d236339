import { changeRecordOf, recordLeft } from '../../app/execution/change-record.ts'
import { seenExecution } from '../../app/execution/execution-view.ts'
import { pastExecutionAt } from '../../app/execution/past-execution.ts'
import { isRedrivable } from '../../app/execution/redrivable.ts'
import { suspensionOf } from '../../app/execution/suspension.ts'
import { InputError } from '../../app/input-error.ts'
import { kindOf, readPlanFile } from '../../app/plan/plan-source.ts'
import { checkSeal, sealTrustHere } from '../../app/plan/trusted-seal.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { aboutExecution, aboutPlan, mayReadPlan } from '../../app/policy/entry.ts'
import { findProject } from '../../app/project/project.ts'
import { requireNoOtherPage, saveText } from '../../app/save-text.ts'
import { foldAll } from '../../engine/fold.ts'
import type { JournalEvent } from '../../journal/event.ts'
import { problemOf } from '../../model/problem.ts'
import type { Plan } from '../../plan/plan.ts'
import { readRecordedPlan } from '../../plan/recorded-plan.ts'
import { storedPlanText } from '../../plan/stored-plan.ts'
import { afterLine } from '../../report/after-words.ts'
import { changeRecordPage } from '../../report/change-record/page.ts'
import { executionAs } from '../../report/execution/formats.ts'
import { headlineText } from '../../report/execution/headline.ts'
import { type PastExecution, pastExecutionJson, pastExecutionText } from '../../report/past-execution.ts'
import { planAs } from '../../report/plan/formats.ts'
import { shellWord } from '../../report/shell-word.ts'
import { colored, plain } from '../../report/style.ts'
import { undoLine } from '../approval/undo-on.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import { nextStep } from '../execution-report.ts'
import { exitCodeOf } from '../exit-code.ts'
import type { Invocation } from '../io.ts'
import { sayFrozen } from '../say-frozen.ts'
import { screenWidth } from '../screen-width.ts'
import { showTokens } from '../task-tokens.ts'
import { trustOption } from '../trust-option.ts'

/** The same view as `plan` and `run` gave, from a plan file or the record alone. No switch is asked. */
export async function run(invocation: Invocation): Promise<number> {
  const [word = ''] = invocation.args
  if (/[./]/.test(word) && findProject(invocation.io, invocation.global)?.policyPresent !== true)
    return showFile(invocation, word)
  return withApp(invocation, async (context) => {
    const named = await kindOf(context.app, word)
    return named.kind === 'execution' ? showExecution(context, named.id) : showAllowedFile(context, word)
  })
}

async function showAllowedFile({ app, caller, invocation }: CommandContext, file: string): Promise<number> {
  await requireAllowed(app, caller, 'plan.read', aboutPlan(readPlanFile(invocation.io, file)))
  return showFile(invocation, file)
}

function showFile(invocation: Invocation, file: string): number {
  const { io, options, global } = invocation
  const plan = readPlanFile(io, file)
  checkSeal(io, plan, sealTrustHere(io, trustOption(invocation), findProject(io, global)))
  const code = showPlan(invocation, plan)
  const typed = shellWord(file)
  if (!global.json && options.markdown !== true) io.out(`Next: eosflow approve ${typed} && eosflow run ${typed}\n`)
  return code
}

function showPlan({ io, options, global }: Invocation, plan: Plan): number {
  if (global.json) io.out(`${planAs.json(plan)}\n`)
  else
    io.out(
      `${options.markdown === true ? planAs.markdown(plan) : planAs.text(plan, io.color ? colored : plain, { width: screenWidth(io) })}\n`,
    )
  return 0
}

async function showExecution(context: CommandContext, id: string): Promise<number> {
  const { app, caller, invocation } = context
  const { io, options, global } = invocation
  const style = io.color ? colored : plain
  const events = await app.store.read(id)
  const state = foldAll(id, events)
  await requireAllowed(app, caller, 'execution.read', aboutExecution(state))
  if (typeof options.at === 'string') return showStanding(context, standingNamed(id, events, options.at))
  if (options.tokens === true) return showTokens(context, state)
  if (typeof options.html === 'string') return writeRecord(context, id, options.html)
  const suspension = await suspensionOf(app, state, events)
  if (state.status === 'running') await sayFrozen(context)
  const { view } = await seenExecution(app, id)
  if (global.json) {
    io.out(`${executionAs.json(state, events, exitCodeOf(state), { suspension, view })}\n`)
    return 0
  }
  if (state.plan !== undefined) {
    const plan = readRecordedPlan(await storedPlanText(app.store, state.plan.ref))
    if (mayReadPlan(app, caller, plan)) showPlan(invocation, plan)
    else io.out(`The policy does not let you see the plan ${plan.digest}\n`)
  }
  io.out(`\n${headlineText(view, style)}\n`)
  io.out(`\n${executionAs.text(state, events, style, { isWhole: global.verbose > 0, isHeaded: true, suspension })}\n`)
  io.out(afterLine(view.after, style))
  const next = nextStep(app, state, suspension !== undefined)
  const onward = isRedrivable(state)
    ? `eosflow redrive ${id}`
    : `eosflow ${state.outcome === 'unknown' ? `history ${id}` : 'executions'}`
  io.out(await undoLine(context, state))
  io.out(`Next: ${next === `eosflow show ${id}` ? onward : next}\n`)
  return 0
}

/** Writes the signed record of a change. Printed, nothing else is on stdout. */
async function writeRecord({ app, caller, invocation }: CommandContext, id: string, file: string): Promise<number> {
  const { io, global } = invocation
  if (file !== '-') requireNoOtherPage(io, file)
  const page = changeRecordPage(await changeRecordOf(app, caller, id))
  if (file === '-') {
    io.out(page)
    await io.drained?.()
    if (io.lost?.() === undefined) await recordLeft(app, caller, id, 'stdout')
    return 0
  }
  saveText(io, file, page)
  await recordLeft(app, caller, id, file)
  if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'change-record', execution: id, file })}\n`)
  else io.out(`The record of ${id} is in ${file}\nNext: eosflow audit verify ${shellWord(file)}\n`)
  return 0
}

function showStanding({ invocation: { io, global } }: CommandContext, standing: PastExecution): number {
  if (global.json) {
    io.out(`${pastExecutionJson(standing)}\n`)
    return 0
  }
  io.out(`${pastExecutionText(standing, io.color ? colored : plain)}\n`)
  io.out(`Next: eosflow history ${standing.execution.id}\n`)
  return 0
}

/** The execution as it was at the record of `--at`. Throws InputError for one that it does not have. */
function standingNamed(id: string, events: readonly JournalEvent[], word: string): PastExecution {
  const standing = pastExecutionAt(id, events, /^\d{1,15}$/.test(word) ? Number(word) : 0)
  if (standing !== undefined) return standing
  const [first, last] = [events[0]?.seq ?? 0, events.at(-1)?.seq ?? 0]
  const message = `${id} has records from ${first} to ${last}`
  throw new InputError([problemOf(`--at ${word}`, 'no-such-record', message, `eosflow history ${id} lists them.`)])
}
