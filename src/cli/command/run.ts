import { readApprovalFile } from '../../app/approval/approval-file.ts'
import { importDecision } from '../../app/approval/import.ts'
import { type AskMode, requireSameDigest } from '../../app/approvals.ts'
import { sameSecretRefs, sameTargets, targetOf } from '../../app/definition-of.ts'
import { run as runOn } from '../../app/execution.ts'
import { InputError } from '../../app/input-error.ts'
import { isPlanFile, readPlanFile } from '../../app/plan-source.ts'
import { preparedAgain, switchesOf } from '../../app/planning.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { type Broken, breakTheGlass } from '../../app/policy/break-glass.ts'
import { aboutChange, aboutPlan } from '../../app/policy/entry.ts'
import { openProject, type Project } from '../../app/project.ts'
import { readGiven } from '../../app/read-given.ts'
import { earlier, openOrFind } from '../../app/run-key.ts'
import { requireSealed } from '../../app/trusted-seal.ts'
import { EosflowError } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Prepared } from '../../plan/prepare.ts'
import { short } from '../../report/count.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import { report } from '../execution-report.ts'
import { givenChange } from '../given-change.ts'
import type { Invocation } from '../io.ts'
import { requestOf } from '../key-option.ts'
import { again } from '../rejoin.ts'

/** Plan, approval, push, verify, then confirm or roll back: from a workflow, or from a saved plan. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const [word = ''] = args
  const project = openProject(io, global)
  const bytes = readGiven(io, word)
  const digest = typeof options.approve === 'string' ? options.approve : undefined
  const ask: AskMode = {
    ...(digest === undefined ? {} : { digest, comment: '--approve' }),
    detach: options.detach === true,
  }
  const beginning: { readonly prepared: Prepared; readonly plan?: Plan } = isPlanFile(word, bytes)
    ? fromPlan(project, word, readPlanFile(io, word), digest)
    : { prepared: givenChange(invocation, project, word) }
  if (beginning.plan !== undefined && options.skipUnreachable === true) throw alreadyPlanned(word)
  const skip = options.skipUnreachable === true ? { skipUnreachable: true } : {}
  if (beginning.plan !== undefined) requireNoOtherChange(word, options)
  const request = requestOf(options.key, beginning)
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    const { plan, prepared } = beginning
    if (plan !== undefined) await acceptPlan(context, plan)
    const known = request === undefined ? undefined : await earlier(app, request)
    if (known !== undefined) return again(context, known, ask)
    const about = plan === undefined ? aboutChange(prepared) : aboutPlan(plan)
    const broken =
      typeof options.breakGlass === 'string'
        ? await breakTheGlass(app, caller, options.breakGlass, about)
        : ({} satisfies Partial<Broken>)
    await requireAllowed(app, caller, 'execution.start', { ...about, ...broken })
    await importApprovals(context, word, plan)
    const asked = request === undefined ? {} : { request }
    const started = await openOrFind(app, caller, { purpose: 'run', ...beginning, ...asked, ...skip, ...broken })
    if (typeof started === 'string') return again(context, started, ask)
    return report(context, started.id, () => runOn(app, caller, started, ask))
  })
}

/** Takes a saved plan whose seal is good. One that this store has never heard of was planned elsewhere, which is said. */
async function acceptPlan(context: CommandContext, plan: Plan): Promise<void> {
  const { app, invocation } = context
  requireSealed(plan, app)
  if (!(await app.store.knowsPlan(plan.digest))) {
    invocation.io.err(`! this store has no record of the plan ${short(plan.digest)}: it was planned elsewhere\n`)
  }
}

/** What would make another change of a saved plan, by option. */
const OTHER_CHANGE = { target: '-t', param: '-p', params: '--params' } as const

/** Throws InputError where other switches or values are given than those that a saved plan was made and approved for. */
function requireNoOtherChange(file: string, options: Invocation['options']): void {
  const given = Object.entries(OTHER_CHANGE).filter(([name]) => [options[name] ?? []].flat().length > 0)
  if (given.length === 0) return
  const flags = given.map(([, flag]) => flag).join(', ')
  const message = `${flags}: a saved plan is fixed: its switches and values are the approved ones`
  const hint = `Plan again with ${flags}, and have the new plan approved.`
  throw new InputError([problemOf(file, 'bad-usage', message, hint)])
}

/** Which switches a saved plan is for was approved with it. */
function alreadyPlanned(file: string): InputError {
  const message = 'a saved plan says already which switches it is for'
  const hint = 'Plan again with --skip-unreachable, and have the new plan approved.'
  return new InputError([problemOf(file, 'bad-usage', message, hint)])
}

/** Takes the signed approvals that came with a saved plan onto the record. Throws InputError, and as {@link importDecision} does. */
async function importApprovals(
  { app, caller, invocation }: CommandContext,
  file: string,
  plan: Plan | undefined,
): Promise<void> {
  const { io, options } = invocation
  const given = Array.isArray(options.approval) ? options.approval.map(String) : []
  if (given.length > 0 && plan === undefined) {
    const message = 'a signed approval is for a saved plan, and this is a workflow'
    const hint = 'Save the plan with `eosflow plan -o FILE`, have it approved, and run that file.'
    throw new InputError([problemOf(file, 'no-plan', message, hint)])
  }
  for (const path of given) if (plan !== undefined) await importDecision(app, caller, plan, readApprovalFile(io, path))
}

/** The saved plan, after the workflow's files and the inventory were found to be those it was made from. Throws `stale`, InputError. */
function fromPlan(
  project: Project,
  file: string,
  plan: Plan,
  digest: string | undefined,
): { prepared: Prepared; plan: Plan } {
  if (digest !== undefined) requireSameDigest(plan, digest)
  const { workflow, devices } = plan.content
  const prepared = preparedAgain(project, workflow, switchesOf(plan))
  const planned = new Set(devices.map(({ name }) => name))
  const targets = devices.map(({ name, inventory: { address } }) => ({ name, ...address }))
  const same =
    prepared.digest === workflow.digest &&
    sameTargets(prepared.devices.filter(({ name }) => planned.has(name)).map(targetOf), targets) &&
    sameSecretRefs(plan, prepared.secretRefs)
  const policy = project.policy()?.digest ?? null
  if (same && policy !== plan.content.policy) {
    throw new EosflowError('stale', 'the policy has changed since the plan was made', {
      hint: 'Plan again and have the new plan approved.',
    })
  }
  if (same) {
    requireState(prepared, plan, file)
    return { prepared, plan }
  }
  throw new EosflowError(
    'stale',
    'the workflow, one of its files or the inventory has changed since the plan was made',
    { hint: 'Plan again and have the new plan approved.' },
  )
}

/** A plan from a fabric folder knows no operational state: what it changes could be pushed and then not be verified. */
function requireState({ workflow }: Prepared, { content, evidence }: Plan, file: string): void {
  const known = content.devices.map(({ name }) => Object.keys(evidence.state[name] ?? {}))
  const areas = workflow.state.filter((area) => !known.every((read) => read.includes(area)))
  const missing = [...areas, ...(content.offline && workflow.watchesNeighbors ? ['the neighbours'] : [])]
  if (missing.length === 0) return
  throw new InputError([
    problemOf(
      file,
      'no-state',
      `the plan was made offline, without the state that its checks compare with: ${missing.join(', ')}`,
      'Plan again without --offline.',
    ),
  ])
}
