import type { Plan } from '../../../change/plan/plan.ts'
import { planFileText } from '../../../change/plan/stored-plan.ts'
import { saveLate } from '../../../project/system/process/save-text.ts'
import { hiddenParams } from '../../../report/plan/plan-statements.ts'
import { planAs } from '../../../report/plan/text.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { styleOf } from '../../../report/text/text.ts'
import { texts } from '../option/options.ts'
import { asTyped, type Invocation, screenWidth } from '../terminal/io.ts'
import { planMarkdownOf } from '../terminal/markdown-room.ts'
import { ALL_RIGHTS, nextLine, type RightsOnPlan, sendTo } from './next-rights.ts'
import { repeatedWord, sayRepeat } from './repeat.ts'

interface KeptPlace {
  readonly unsaved: string
  readonly whole: string
  // Absent: `run` of what was typed.
  readonly run?: string
  readonly note?: string
}

export async function showPlanned(
  invocation: Invocation,
  plan: Plan,
  { unsaved, whole, run, note }: KeptPlace,
  needs: readonly string[] = [],
  rights: RightsOnPlan = ALL_RIGHTS,
): Promise<number> {
  const { io, options, global } = invocation
  const { leftOut = [], devices, waves } = plan.content
  const out = typeof options.out === 'string' ? options.out : undefined
  if (out !== undefined) saveLate(io, out, planFileText(plan), unsaved)
  if (global.json) io.out(`${planAs.json(plan)}\n`)
  else if (options.markdown === true) io.out(`${planMarkdownOf(invocation, plan, out ?? whole)}\n`)
  else print(invocation, plan, needs, { run, note, rights })
  sayRepeat(
    invocation,
    {
      failed: leftOut.map(({ name }) => name),
      of: devices.length + leftOut.length,
      isDocument: global.json || options.markdown === true,
    },
    // The file holds the plan of the others.
    { options: { out: undefined, skipUnreachable: undefined } },
  )
  if (leftOut.length > 0) return 8
  return waves.length > 0 && options.detailedExitcode === true ? 2 : 0
}

interface PlanSteps {
  readonly run: string | undefined
  readonly note: string | undefined
  readonly rights: RightsOnPlan
}

function print(
  { io, args, options }: Invocation,
  plan: Plan,
  needs: readonly string[],
  { run = runOf(args[0] ?? '', options, hiddenParams(plan.content)), note, rights }: PlanSteps,
) {
  const sent = typeof options.out === 'string' ? sendTo(rights, options.out).map((line) => asTyped(line, io)) : []
  const changes = plan.content.waves.length > 0
  const next = changes ? nextStep(run, options, plan, rights) : undefined
  const digest = next?.includes(plan.digest) === true ? 'short' : 'full'
  const text = planAs.text(plan, styleOf(io), {
    width: screenWidth(io),
    digest,
    details: options.details === true,
  })
  const demands = changes ? [...needs, ...sent] : []
  const notes = note !== undefined && next?.startsWith(run) === true ? [note] : []
  io.out(`${[text, ...demands, ...notes].join('\n')}\n${nextLine(next)}`)
}

function runOf(typed: string, options: Invocation['options'], hidden: ReadonlySet<string>) {
  const { param, target, typedTarget = target, out } = options
  const pairs = texts(param)
  const shown = pairs.filter((pair) => !hidden.has(pair.split('=', 1)[0] ?? ''))
  const params = shown.length < pairs.length ? (options.params ?? 'FILE') : options.params
  const flags = [
    ...shown.flatMap((pair) => ['-p', pair]),
    ...(typeof params === 'string' ? ['--params', params] : []),
    ...(typeof typedTarget === 'string' ? ['-t', typedTarget] : []),
    ...(options.skipUnreachable === true && out === undefined ? ['--skip-unreachable'] : []),
  ]
  return ['eosflow run', ...[typed, ...flags].map((word) => repeatedWord(String(word)))].join(' ')
}

function nextStep(run: string, { out }: Invocation['options'], { content, digest }: Plan, rights: RightsOnPlan) {
  if (typeof out === 'string') return nextOfFile(shellWord(out), { content, run }, rights)
  if (!rights.run || content.branch !== undefined) return undefined
  if (content.offline) return run
  if (content.policy !== null) return `${run} --detach`
  return rights.approve ? `${run} --approve ${digest}` : undefined
}

function nextOfFile(
  file: string,
  { content, run }: Pick<Plan, 'content'> & { readonly run: string },
  rights: RightsOnPlan,
) {
  if (content.offline && rights.run) return run
  if (!rights.approve) return undefined
  const approve = `eosflow approve ${file}`
  if (!rights.run) return approve
  return content.branch === undefined
    ? `${approve} && eosflow run ${file}`
    : `${approve}\n      When the branch is merged: eosflow run ${file}`
}
