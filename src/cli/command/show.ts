import { foldAll } from '../../engine/fold.ts'
import type { Plan } from '../../plan/plan.ts'
import { executionJson } from '../../report/execution-json.ts'
import { executionText } from '../../report/execution-text.ts'
import { planJson } from '../../report/plan-json.ts'
import { planMarkdown } from '../../report/plan-markdown.ts'
import { planText } from '../../report/plan-text.ts'
import { colored, plain } from '../../report/style.ts'
import { atBench, executionNamed, nextStep } from '../bench.ts'
import type { Bench } from '../execution.ts'
import { exitCodeOfOutcome } from '../exit-code.ts'
import type { Invocation } from '../io.ts'
import { looksLikeExecution, readPlanFile } from '../plan-source.ts'
import { shellWord } from '../shell-word.ts'

/** The same view as `plan` and `run` gave, from a plan file or the record alone. No switch is asked. */
export async function run(invocation: Invocation): Promise<number> {
  const [word = ''] = invocation.args
  if (/[./]/.test(word)) return showFile(invocation, word)
  return atBench(invocation, async (bench) =>
    looksLikeExecution(bench, word) ? showExecution(bench, word) : showFile(invocation, word),
  )
}

function showFile(invocation: Invocation, file: string): number {
  const code = showPlan(invocation, readPlanFile(invocation.io, file))
  const { io, options, global } = invocation
  const typed = shellWord(file)
  if (!global.json && options.markdown !== true) io.out(`Next: eosflow approve ${typed} && eosflow run ${typed}\n`)
  return code
}

function showPlan({ io, options, global }: Invocation, plan: Plan): number {
  if (global.json) io.out(`${planJson(plan)}\n`)
  else io.out(`${options.markdown === true ? planMarkdown(plan) : planText(plan, io.color ? colored : plain)}\n`)
  return 0
}

async function showExecution(bench: Bench, word: string): Promise<number> {
  const { io, global } = bench.invocation
  const id = executionNamed(bench, word)
  const events = await bench.desk.store.read(id)
  const state = foldAll(id, events)
  if (global.json) {
    const code = state.outcome === undefined ? 12 : exitCodeOfOutcome(state.outcome, state.compensation?.error)
    io.out(`${executionJson(state, code)}\n`)
    return 0
  }
  if (state.plan !== undefined)
    showPlan(bench.invocation, JSON.parse(await bench.desk.store.get(state.plan.ref)) as Plan)
  io.out(`\n${executionText(state, events, io.color ? colored : plain)}\n`)
  const next = nextStep(state)
  io.out(`Next: ${next === `eosflow show ${id}` ? `eosflow history ${id}` : next}\n`)
  return 0
}
