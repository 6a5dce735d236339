import { saveLate } from '../app/save-text.ts'
import type { Plan } from '../plan/plan.ts'
import { planFileText } from '../plan/stored-plan.ts'
import { planAs } from '../report/plan/formats.ts'
import { shellWord } from '../report/shell-word.ts'
import { colored, plain } from '../report/style.ts'
import { asTyped } from './called-as.ts'
import type { Invocation } from './io.ts'
import { planMarkdownOf } from './markdown-room.ts'
import { ALL_RIGHTS, nextLine, type RightsOnPlan, sendTo } from './next-rights.ts'
import { sayRepeat } from './repeat.ts'
import { screenWidth } from './screen-width.ts'

/** Where a plan is that was made: the word on it when its file cannot be written, and the command that shows it, or its digest. */
export interface KeptPlace {
  readonly unsaved: string
  readonly whole: string
}

/** Shows a plan that was made, and saves it where that was asked for. Gives the exit code. */
export async function showPlanned(
  invocation: Invocation,
  plan: Plan,
  { unsaved, whole }: KeptPlace,
  needs: readonly string[] = [],
  rights: RightsOnPlan = ALL_RIGHTS,
): Promise<number> {
  const { io, args, options, global } = invocation
  const { leftOut = [], devices } = plan.content
  const changes = plan.content.waves.length > 0
  const out = typeof options.out === 'string' ? options.out : undefined
  if (out !== undefined) saveLate(io, out, planFileText(plan), unsaved)
  if (global.json) io.out(`${planAs.json(plan)}\n`)
  else if (options.markdown === true) io.out(`${planMarkdownOf(invocation, plan, out ?? whole)}\n`)
  else {
    const sent = out === undefined ? [] : sendTo(rights, out).map((line) => asTyped(line, io))
    print(invocation, plan, [...needs, ...sent], changes ? nextStep(args[0] ?? '', options, plan, rights) : undefined)
  }
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
  return changes && options.detailedExitcode === true ? 2 : 0
}

/** The digest is printed in full once: in the line to paste, or at the end of the plan. */
function print({ io, options }: Invocation, plan: Plan, needs: readonly string[], next: string | undefined): void {
  const digest = next?.includes(plan.digest) === true ? 'short' : 'full'
  const text = planAs.text(plan, io.color ? colored : plain, {
    width: screenWidth(io),
    digest,
    details: options.details === true,
  })
  const demands = plan.content.waves.length > 0 ? needs : []
  io.out(`${[text, ...demands].join('\n')}\n${nextLine(next)}`)
}

/** The command that this caller may run next; undefined where others have to act first. What was planned offline is planned again by the switches. */
function nextStep(
  typed: string,
  options: Invocation['options'],
  { content, digest }: Plan,
  rights: RightsOnPlan,
): string | undefined {
  const { param, params, target, typedTarget = target, out } = options
  const flags = [
    ...(Array.isArray(param) ? param : []).flatMap((pair) => ['-p', pair]),
    ...(typeof params === 'string' ? ['--params', params] : []),
    ...(typeof typedTarget === 'string' ? ['-t', typedTarget] : []),
    ...(options.skipUnreachable === true && out === undefined ? ['--skip-unreachable'] : []),
  ]
  const run = ['eosflow run', ...[typed, ...flags].map((word) => shellWord(String(word)))].join(' ')
  if (typeof out === 'string') return nextOfFile(shellWord(out), { content, run }, rights)
  if (!rights.run || content.branch !== undefined) return undefined
  if (content.offline) return run
  if (content.policy !== null) return `${run} --detach`
  return rights.approve ? `${run} --approve ${digest}` : undefined
}

/** The same of a plan that was saved. */
function nextOfFile(
  file: string,
  { content, run }: Pick<Plan, 'content'> & { readonly run: string },
  rights: RightsOnPlan,
): string | undefined {
  if (content.offline && rights.run) return run
  if (!rights.approve) return undefined
  const approve = `eosflow approve ${file}`
  if (!rights.run) return approve
  return content.branch === undefined
    ? `${approve} && eosflow run ${file}`
    : `${approve}\n      When the branch is merged: eosflow run ${file}`
}
