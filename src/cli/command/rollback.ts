import type { AskMode } from '../../app/approvals.ts'
import { open } from '../../app/begin.ts'
import { chosenDevices } from '../../app/chosen-devices.ts'
import { run as runOn } from '../../app/execution.ts'
import { changeNamed } from '../../app/execution-named.ts'
import { orProblems } from '../../app/input-error.ts'
import { loadWorkflow } from '../../app/load-workflow.ts'
import { decided, denialError, denialRecord } from '../../app/policy/authority.ts'
import { requireFree } from '../../app/require-free.ts'
import { planInverse } from '../../app/rollback/plan-inverse.ts'
import { appWith, keepSources } from '../../app/rollback/sources.ts'
import { foldAll } from '../../engine/fold.ts'
import { deviceEnds } from '../../engine/outcome.ts'
import type { ExecutionState } from '../../engine/state.ts'
import type { InventoryDevice } from '../../inventory/inventory.ts'
import { EosflowError } from '../../model/error.ts'
import { prepare } from '../../plan/prepare.ts'
import { switches } from '../../report/count.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import { report } from '../execution-report.ts'
import type { Invocation } from '../io.ts'

/** Plans the inverse of a finished change, and makes it like any other: shown, approved, pushed under the commit timer, confirmed. */
export async function run(invocation: Invocation): Promise<number> {
  const { args, options } = invocation
  const digest = typeof options.approve === 'string' ? options.approve : undefined
  const ask: AskMode = {
    ...(digest === undefined ? {} : { digest, comment: '--approve' }),
    detach: options.detach === true,
  }
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    const id = await changeNamed(app, args[0] ?? '', { kept: true })
    const state = foldAll(id, await app.store.read(id))
    const changed = chosenDevices(app.project.inventory(), options.target).filter(({ name }) => isChanged(state, name))
    await requireStart(context, state, changed)
    requireFinished(state)
    if (changed.length === 0)
      return nothingToDo(
        context,
        state,
        `it has changed no ${options.target === undefined ? 'switch' : 'such switch'} that kept the change`,
      )
    requireListed(state, changed, options.target)
    await requireFree(
      app,
      changed.map(({ name }) => name),
    )
    for (const line of bootLinesInForce(state, changed)) invocation.io.err(`${line}\n`)
    const { back, sources } = await planInverse(app, caller, state, changed)
    if (sources === undefined)
      return nothingToDo(context, state, `${switches(back.length)} without anything of the change: ${back.join(', ')}`)
    if (back.length > 0) invocation.io.err(`left alone, nothing of the change is there: ${back.join(', ')}\n`)
    const file = await keepSources(app, sources)
    const { project } = appWith(app, file, sources)
    const workflow = loadWorkflow(project, file)
    const prepared = orProblems(
      prepare({
        workflow,
        given: {},
        inventory: project.inventory(),
        switches: Object.keys(sources.changes),
        files: project.files,
      }),
    )
    const started = await open(app, caller, { purpose: 'run', prepared })
    return report(context, started.id, () => runOn(app, caller, started, ask))
  })
}

/**
 * Requires that whoever is calling may start the inverse change, before anything is said of the execution: where nothing is to be put
 * back, that of all its switches. The denial is on record; what is thrown names no execution. Throws as {@link requireAllowed} does.
 */
async function requireStart(
  { app, caller }: CommandContext,
  state: ExecutionState,
  changed: readonly InventoryDevice[],
): Promise<void> {
  const names = changed.length === 0 ? state.targets : changed.map(({ name }) => name)
  const about = { devices: names, workflow: `rollback/${state.id}` }
  const made = decided(app, caller, 'execution.start', about)
  if (made.effect === 'allow') return
  await app.store
    .as(caller.principal)
    .append(undefined, [denialRecord(caller.principal, 'execution.start', about, made)])
  throw denialError(app, 'execution.start', {}, made)
}

/** Refuses what cannot be taken back as a whole: `busy` while it runs, `rollback-incomplete` when nobody knows where it ended. */
function requireFinished({ id, status, outcome }: ExecutionState): void {
  if (status !== 'ended') {
    throw new EosflowError('busy', `${id} has not ended: stopping it puts everything back`, {
      hint: `eosflow stop ${id}`,
    })
  }
  if (outcome !== 'unknown') return
  throw new EosflowError(
    'rollback-incomplete',
    `${id} left a switch or a call whose state is not known: a person has to look at it first`,
    {
      hint: `eosflow show ${id} says what was not read.`,
    },
  )
}

function isChanged(state: ExecutionState, name: string): boolean {
  return deviceEnds(state)[name] === 'changed'
}

/** What a rollback does not take back: the `boot` lines that the change has sent, which no configuration undoes. */
function bootLinesInForce(state: ExecutionState, changed: readonly InventoryDevice[]): readonly string[] {
  return changed.flatMap(({ name }) => {
    const sent = state.devices.get(name)?.bootLines ?? []
    if (sent.length === 0) return []
    return [`${name}: still in force, a rollback does not undo it (show boot-config): ${sent.join('; ')}`]
  })
}

/** Without `-t` all that was changed is meant: a switch that has left the inventory is not passed over in silence. Throws `stale`. */
function requireListed(state: ExecutionState, changed: readonly InventoryDevice[], target: unknown): void {
  if (target !== undefined) return
  const listed = new Set(changed.map(({ name }) => name))
  const gone = state.targets.filter((name) => isChanged(state, name) && !listed.has(name))
  if (gone.length === 0) return
  throw new EosflowError('stale', `no longer in the inventory: ${gone.join(', ')}`, {
    hint: 'Leave them out with -t, or put them back into the inventory.',
  })
}

function nothingToDo(
  { invocation: { io, global } }: CommandContext,
  { id, outcome }: ExecutionState,
  why: string,
): number {
  const said = `Nothing to roll back of ${id} (${outcome}): ${why}`
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, kind: 'rollback', of: id, outcome: 'nothing-to-do', message: said, exitCode: 0 })}\n`
      : `${said}\nNext: eosflow show ${id}\n`,
  )
  return 0
}
