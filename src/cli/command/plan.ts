import { existsSync } from 'node:fs'
import { openProject } from '../../app/project/project.ts'
import { requireWritable, saveLate } from '../../app/save-text.ts'
import type { ExecutionState } from '../../engine/state.ts'
import type { Outcome } from '../../journal/outcome.ts'
import type { Plan } from '../../plan/plan.ts'
import type { PreparedChange } from '../../plan/prepare.ts'
import { planFileText } from '../../plan/stored-plan.ts'
import { planAs } from '../../report/plan/formats.ts'
import { shellWord } from '../../report/shell-word.ts'
import { colored, plain } from '../../report/style.ts'
import { hanging } from '../../report/visible.ts'
import { exitCodeOfOutcome } from '../exit-code.ts'
import { givenChange } from '../given-change.ts'
import type { Invocation, Io } from '../io.ts'
import { sayRepeat } from '../repeat.ts'
import { screenWidth } from '../screen-width.ts'

/** Dry run: the exact change of every switch, computed by the switch or, with `--offline`, by the configuration model. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const project = openProject(io, global)
  // A plan that took a while to make should not be lost to a folder that is not there.
  if (typeof options.out === 'string') requireWritable(io, options.out)
  const prepared = givenChange(invocation, project, args[0] ?? '')
  if (options.offline !== undefined) {
    if (project.policyPresent || project.database !== undefined || existsSync(project.store))
      await requireMayPlan(invocation, prepared)
    const { planOffline } = await import('../../app/plan/plan-offline.ts')
    return show(invocation, await planOffline(project, io, prepared, options.offline), AGAIN)
  }
  const [{ withApp }, { planChange }, { demandLines }, { sayFrozen }, { noLongerWatching, recap }] = await Promise.all([
    import('../compose.ts'),
    import('../../app/plan/plan-change.ts'),
    import('../../app/policy/demand-lines.ts'),
    import('../say-frozen.ts'),
    import('../execution-report.ts'),
  ])
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    const planned = await planChange(app, caller, { prepared, skipUnreachable: options.skipUnreachable === true })
    await sayFrozen(context)
    if (planned.plan !== undefined && planned.isDraft)
      io.err('its files are not those that are published: this process has asked the switches\n')
    if (planned.plan !== undefined)
      return show(
        invocation,
        planned.plan,
        `The plan is in the store: eosflow show ${planned.execution}`,
        demandLines(app, caller, planned.plan),
      )
    const { id, outcome } = planned.state
    if (planned.isLeft) return noLongerWatching(invocation, id)
    return outcome === undefined ? recap(context, planned.state) : unplanned(invocation, outcome, planned.state)
  })
}

/** Says why no plan was made. Gives the exit code. */
function unplanned({ io, global }: Invocation, outcome: Outcome, { compensation }: ExecutionState): number {
  const error = compensation?.error
  if (error === undefined) io.err('no plan was made\n')
  if (error?.hint !== undefined) io.err(`Next: ${hanging(error.hint)}\n`)
  const code = exitCodeOfOutcome(outcome, error)
  if (global.json) io.out(`${JSON.stringify({ version: 1, error: error ?? null, exitCode: code })}\n`)
  return code
}

/** What is planned offline is decided about as well: the plan can be approved elsewhere. A store may know that there was a policy. */
async function requireMayPlan(invocation: Invocation, prepared: PreparedChange): Promise<void> {
  const [{ withApp }, { requirePlanning }] = await Promise.all([
    import('../compose.ts'),
    import('../../app/plan/plan-change.ts'),
  ])
  await withApp(invocation, async ({ app, caller }) => {
    await requirePlanning(app, caller, prepared)
    return 0
  })
}

const AGAIN = 'No switch was asked. Name another file, and plan again.'

/** Shows a plan and saves it where that was asked for. `unsaved`: where it is when that fails. */
async function show(
  invocation: Invocation,
  plan: Plan,
  unsaved: string,
  needs: readonly string[] = [],
): Promise<number> {
  const { io, args, options, global } = invocation
  const { leftOut = [], devices } = plan.content
  const changes = plan.content.waves.length > 0
  const out = typeof options.out === 'string' ? options.out : undefined
  if (out !== undefined) saveLate(io, out, planFileText(plan), unsaved)
  if (global.json) io.out(`${planAs.json(plan)}\n`)
  else if (options.markdown === true) io.out(`${planAs.markdown(plan)}\n`)
  else print(io, plan, needs, changes ? nextStep(args[0] ?? '', options, plan) : 'nothing to do')
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
function print(io: Io, plan: Plan, needs: readonly string[], next: string): void {
  const digest = next.includes(plan.digest) ? 'short' : 'full'
  const text = planAs.text(plan, io.color ? colored : plain, { width: screenWidth(io), digest })
  const demands = plan.content.waves.length > 0 ? needs : []
  io.out(`${[text, ...demands, `Next: ${next}`].join('\n')}\n`)
}

/** What was planned offline is planned again by the switches themselves, and approved then. */
function nextStep(typed: string, options: Invocation['options'], { content, digest }: Plan): string {
  const { param, params, target, typedTarget = target, out } = options
  const flags = [
    ...(Array.isArray(param) ? param : []).flatMap((pair) => ['-p', pair]),
    ...(typeof params === 'string' ? ['--params', params] : []),
    ...(typeof typedTarget === 'string' ? ['-t', typedTarget] : []),
    ...(options.skipUnreachable === true && out === undefined ? ['--skip-unreachable'] : []),
  ]
  const run = ['eosflow run', ...[typed, ...flags].map((word) => shellWord(String(word)))].join(' ')
  if (content.offline) return run
  const file = typeof out === 'string' ? shellWord(out) : undefined
  if (content.branch !== undefined)
    return file === undefined
      ? 'merge the branch, and plan again'
      : `eosflow approve ${file}; when the branch is merged: eosflow run ${file}`
  if (file === undefined && content.policy !== null) return `${run} --detach`
  return file === undefined ? `${run} --approve ${digest}` : `eosflow approve ${file} && eosflow run ${file}`
}
