import { executionNamed } from '../../app/execution-named.ts'
import { looksLikeExecution, readPlanFile, requireKnown } from '../../app/plan-source.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { aboutExecution, aboutPlan } from '../../app/policy/entry.ts'
import { findProject } from '../../app/project.ts'
import { isRedrivable } from '../../app/redrivable.ts'
import { shellWord } from '../../app/shell-word.ts'
import { suspensionOf } from '../../app/suspension.ts'
import { checkSeal, sealTrustHere } from '../../app/trusted-seal.ts'
import { foldAll } from '../../engine/fold.ts'
import type { Plan } from '../../plan/plan.ts'
import { readRecordedPlan } from '../../plan/recorded-plan.ts'
import { storedPlanText } from '../../plan/stored-plan.ts'
import { executionAs } from '../../report/execution/formats.ts'
import { planAs } from '../../report/plan/formats.ts'
import { type Standing, standingJson, standingText } from '../../report/standing.ts'
import { colored, plain } from '../../report/style.ts'
import { atBench, type Bench, exitCodeOf, nextStep } from '../bench.ts'
import type { Invocation } from '../io.ts'
import { screenWidth } from '../screen-width.ts'
import { standingAt } from '../standing-at.ts'
import { showTokens } from '../task-tokens.ts'
import { trustOption } from '../trust-option.ts'

/** The same view as `plan` and `run` gave, from a plan file or the record alone. No switch is asked. */
export async function run(invocation: Invocation): Promise<number> {
  const [word = ''] = invocation.args
  const isFile = /[./]/.test(word)
  if (isFile && findProject(invocation.io, invocation.global)?.policyPresent !== true) return showFile(invocation, word)
  return atBench(invocation, async (bench) => {
    const isExecution = !isFile && (await looksLikeExecution(bench, word))
    return isExecution ? showExecution(bench, word) : showAllowedFile(bench, word)
  })
}

async function showAllowedFile(bench: Bench, file: string): Promise<number> {
  await requireKnown(bench, file)
  await requireAllowed(bench, 'plan.read', aboutPlan(readPlanFile(bench.invocation.io, file)))
  return showFile(bench.invocation, file)
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

async function showExecution(bench: Bench, word: string): Promise<number> {
  const { io, options, global } = bench.invocation
  const id = await executionNamed(bench, word)
  const events = await bench.desk.store.read(id)
  const state = foldAll(id, events)
  await requireAllowed(bench, 'execution.read', aboutExecution(state))
  if (typeof options.at === 'string') return showStanding(bench, standingAt(id, events, options.at))
  if (options.tokens === true) return showTokens(bench, state)
  const suspension = await suspensionOf(bench.desk, state, events)
  if (global.json) {
    io.out(`${executionAs.json(state, events, exitCodeOf(state), suspension)}\n`)
    return 0
  }
  if (state.plan !== undefined)
    showPlan(bench.invocation, readRecordedPlan(await storedPlanText(bench.desk.store, state.plan.ref)))
  io.out(
    `\n${executionAs.text(state, events, io.color ? colored : plain, { isWhole: global.verbose > 0, suspension })}\n`,
  )
  const next = nextStep(state)
  const onward = isRedrivable(state) ? `eosflow redrive ${id}` : `eosflow history ${id}`
  io.out(`Next: ${next === `eosflow show ${id}` ? onward : next}\n`)
  return 0
}

function showStanding({ invocation: { io, global } }: Bench, standing: Standing): number {
  if (global.json) {
    io.out(`${standingJson(standing)}\n`)
    return 0
  }
  io.out(`${standingText(standing, io.color ? colored : plain)}\n`)
  io.out(`Next: eosflow history ${standing.execution.id}\n`)
  return 0
}
