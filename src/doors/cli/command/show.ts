import { foldAll } from '../../../change/engine/fold.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import { recordedPlan } from '../../../change/plan/stored-plan.ts'
import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutExecution, aboutPlan, mayReadPlan } from '../../../project/access/policy/entry.ts'
import { findProject } from '../../../project/files/project.ts'
import { seenExecution } from '../../../project/history/execution-view.ts'
import { kindOf, readPlanFile } from '../../../project/history/plans/plan-source.ts'
import { suspensionOf } from '../../../project/history/requests/stop-asked.ts'
import { checkSeal, sealTrustHere } from '../../../project/plan/trusted-seal.ts'
import { executionAs, headlineText } from '../../../report/execution/formats.ts'
import type { MarkdownRoom } from '../../../report/plan/markdown.ts'
import { planAs } from '../../../report/plan/text.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { styleOf } from '../../../report/text/text.ts'
import { afterLine } from '../../../report/view/after-words.ts'
import { executionMarkdown, executionMarkdownWithin } from '../../../report/view/markdown.ts'
import { undoLine } from '../execution/undo-on.ts'
import { text } from '../option/options.ts'
import { exitCodeOf } from '../outcome/exit-code.ts'
import {
  ALL_RIGHTS,
  madeWords,
  nextLine,
  type RightsOnPlan,
  rightsAfter,
  rightsOnPlan,
  sendTo,
} from '../outcome/next-rights.ts'
import { onward } from '../outcome/next-step.ts'
import { sayFrozen } from '../outcome/say-frozen.ts'
import { showStanding, showTokens } from '../outcome/show-standing.ts'
import { type CommandContext, withApp } from '../terminal/compose.ts'
import { asTyped, type Invocation, screenWidth } from '../terminal/io.ts'
import { markdownRoom, planMarkdownOf } from '../terminal/markdown-room.ts'

/** The same view as `plan` and `run` gave, from a plan file or the record alone. */
export async function run(invocation: Invocation): Promise<number> {
  const [word = ''] = invocation.args
  if (
    /[./]/.test(word) &&
    findProject(invocation.io, { ...invocation.global, despiteUnknownKeys: true })?.policyPresent !== true
  )
    return showFile(invocation, word)
  return withApp(
    invocation,
    async (context) => {
      const named = await kindOf(context.app, word)
      return named.kind === 'execution' ? showExecution(context, named.id) : showAllowedFile(context, word)
    },
    { despiteUnknownKeys: true },
  )
}

async function showAllowedFile({ app, caller, invocation }: CommandContext, file: string) {
  const plan = readPlanFile(invocation.io, file)
  await requireAllowed(app, caller, 'plan.read', aboutPlan(plan))
  return showFile(invocation, file, rightsOnPlan(app, caller, plan))
}

function showFile(invocation: Invocation, file: string, rights: RightsOnPlan = ALL_RIGHTS) {
  const { io, options, global } = invocation
  const plan = readPlanFile(io, file)
  checkSeal(io, plan, sealTrustHere(io, text(options.trust), findProject(io, { ...global, despiteUnknownKeys: true })))
  const code = showPlan(invocation, plan, file)
  const typed = shellWord(file)
  if (global.json || options.markdown === true) return code
  for (const line of sendTo(rights, file)) io.out(`${line}\n`)
  if (rights.approve) io.out(nextLine(`eosflow approve ${typed}${rights.run ? ` && eosflow run ${typed}` : ''}`))
  return code
}

function showPlan(invocation: Invocation, plan: Plan, whole: string) {
  const { io, options, global } = invocation
  const isMarkdown = options.markdown === true || options.maxBytes !== undefined
  if (isMarkdown && !global.json) io.out(`${planMarkdownOf(invocation, plan, whole)}\n`)
  else if (global.json) io.out(`${planAs.json(plan)}\n`)
  else io.out(`${planAs.text(plan, styleOf(io), { width: screenWidth(io), details: true })}\n`)
  return 0
}

async function showExecution(context: CommandContext, id: string) {
  const { app, caller, invocation, io, options, global } = context
  const room = markdownRoom(invocation, `eosflow show ${id}`)
  const style = styleOf(io)
  const events = await app.store.read(id)
  const state = foldAll(id, events)
  await requireAllowed(app, caller, 'execution.read', aboutExecution(state))
  if (typeof options.at === 'string') return showStanding(invocation, id, events, options.at)
  if (options.tokens === true) return showTokens(context, state)
  // The page is a good part of what this command would load, and is seldom asked for.
  if (typeof options.html === 'string')
    return (await import('../outcome/write-change-record.ts')).writeRecord(context, id, options.html)
  const suspension = await suspensionOf(app, state, events)
  if (state.status === 'running') await sayFrozen(context)
  const { view } = await seenExecution(app, id)
  if (global.json) {
    io.out(`${executionAs.json(state, events, exitCodeOf(state), { suspension, view })}\n`)
    return 0
  }
  if (options.markdown === true) return showReport(context, id, room)
  if (state.plan !== undefined) {
    const plan = await recordedPlan(app.store, state.plan.ref)
    if (mayReadPlan(app, caller, plan)) showPlan(invocation, plan, id)
    else io.out(`The policy does not let you see the plan ${plan.digest}\n`)
  }
  io.out(`\n${headlineText(view, style)}\n`)
  io.out(`\n${executionAs.text(state, events, style, { isWhole: global.verbose > 0, isHeaded: true, suspension })}\n`)
  io.out(afterLine(view.after, style))
  io.out(asTyped(await undoLine(context, state), io))
  const rights = await rightsAfter(app, caller, state)
  io.out(madeWords(rights))
  io.out(nextLine(onward(app, state, suspension !== undefined, rights)))
  return 0
}

async function showReport({ app, caller, invocation }: CommandContext, id: string, room?: MarkdownRoom) {
  const { view, plan } = await seenExecution(app, id)
  const shown = plan !== undefined && mayReadPlan(app, caller, plan) ? plan : undefined
  const report = room === undefined ? executionMarkdown(view, shown) : executionMarkdownWithin(view, shown, room)
  invocation.io.out(`${report}\n`)
  return 0
}
