import { existsSync } from 'node:fs'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import type { Outcome } from '../../../change/record/event/record-schema.ts'
import { definedMembers } from '../../../model/json.ts'
import { aboutPlan } from '../../../project/access/policy/entry.ts'
import { closedWindow } from '../../../project/execution/may-begin/window.ts'
import { openProject, type Project } from '../../../project/files/project.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { requireWritable } from '../../../project/system/process/save-text.ts'
import { noSeams } from '../../../project/system/process/seams.ts'
import { hanging } from '../../../report/text/text.ts'
import { givenChange } from '../option/given-change.ts'
import { exitCodeOfOutcome } from '../outcome/exit-code.ts'
import { planChanged } from '../outcome/plan-changed.ts'
import { showPlanned } from '../outcome/show-planned.ts'
import type { CommandContext } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'
import { markdownRoom } from '../terminal/markdown-room.ts'

/** Dry run: the exact change of every switch, computed by the switch or, with `--offline`, by the configuration model. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const [word] = args
  if (options.changed !== undefined) return planChanged(invocation, planPrepared)
  if (word === undefined)
    throw inputError(
      'plan',
      'bad-usage',
      'nothing is named that is to be planned',
      'Name a workflow or a change file, or the commits of change files: --changed origin/main...HEAD.',
    )
  const project = openProject(io, global)
  markdownRoom(invocation, '')
  // A plan that took a while to make should not be lost to a folder that is not there.
  if (typeof options.out === 'string') requireWritable(io, options.out)
  return planPrepared(invocation, project, givenChange(invocation, project, word))
}

async function planPrepared(invocation: Invocation, project: Project, prepared: PreparedChange) {
  const { io, options } = invocation
  if (options.offline !== undefined) {
    if (project.policyPresent || project.database !== undefined || existsSync(project.store))
      await requireMayPlan(invocation, prepared)
    const { planOffline } = await import('../../../project/plan/plan-offline.ts')
    const plan = await planOffline(project, io, prepared, options.offline, (note) => io.err(`! ${note}\n`))
    sayOver(invocation, plan, (io.seams ?? noSeams).clock.now())
    return showPlanned(invocation, plan, { unsaved: AGAIN, whole: plan.digest })
  }
  const { withApp } = await import('../terminal/compose.ts')
  return withApp(invocation, (context) => planIn(context, prepared))
}

interface PlanUse {
  // Absent: `run` of what was typed.
  readonly run?: string
  readonly note?: string
  readonly planned?: () => Promise<void>
}

export async function planIn(
  context: CommandContext,
  prepared: PreparedChange,
  { run, note, planned: shown }: PlanUse = {},
): Promise<number> {
  const { app, caller, invocation, io, options } = context
  const [{ planChange }, { demandLines }, { rightsOnPlan }, { sayFrozen }, { noLongerWatching, recap }] =
    await Promise.all([
      import('../../../project/execution/begin/begin-change.ts'),
      import('../../../project/access/policy/demands.ts'),
      import('../outcome/next-rights.ts'),
      import('../outcome/say-frozen.ts'),
      import('../execution/execution-report.ts'),
    ])
  const planned = await planChange(app, caller, { prepared, skipUnreachable: options.skipUnreachable === true })
  await sayFrozen(context)
  if (planned.plan !== undefined) sayOver(invocation, planned.plan, app.clock.now())
  if (planned.plan !== undefined && planned.isDraft)
    io.err('its files are not those that are published: this process has asked the switches\n')
  if (planned.plan !== undefined) {
    const kept = {
      unsaved: `The plan is in the store: eosflow show ${planned.execution}`,
      whole: `eosflow show ${planned.execution}`,
      ...definedMembers({ run, note }),
    }
    const code = await showPlanned(
      invocation,
      planned.plan,
      kept,
      demandLines(app, caller, planned.plan),
      rightsOnPlan(app, caller, planned.plan),
    )
    await shown?.()
    return code
  }
  const { id, outcome } = planned.state
  if (planned.isLeft) return noLongerWatching(invocation, id)
  return outcome === undefined ? recap(context, planned.state) : unplanned(invocation, outcome, planned.state)
}

function sayOver({ io }: Invocation, plan: Plan, now: number) {
  const { changeFile } = plan.content
  if (changeFile?.notAfter === undefined) return
  const { file, notAfter } = changeFile
  const closed = closedWindow({ file, notAfter }, now, aboutPlan(plan).lasts ?? 0)
  if (closed !== undefined)
    io.err(`! ${closed.message}. Run refuses it: write another time into the change file, and plan again\n`)
}

function unplanned({ io, global }: Invocation, outcome: Outcome, { compensation }: ExecutionState) {
  const error = compensation?.error
  if (error === undefined) io.err('no plan was made\n')
  if (error?.hint !== undefined) io.err(`    ${hanging(error.hint)}\n`)
  const code = exitCodeOfOutcome(outcome, error)
  if (global.json) io.out(`${JSON.stringify({ version: 1, error: error ?? null, exitCode: code })}\n`)
  return code
}

async function requireMayPlan(invocation: Invocation, prepared: PreparedChange) {
  const [{ withApp }, { requirePlanning }] = await Promise.all([
    import('../terminal/compose.ts'),
    import('../../../project/execution/begin/begin-change.ts'),
  ])
  await withApp(invocation, async ({ app, caller }) => {
    await requirePlanning(app, caller, prepared)
    return 0
  })
}

const AGAIN = 'No switch was asked. Name another file, and plan again.'
