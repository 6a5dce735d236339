import { foldAll } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { storePlan } from '../../../change/plan/stored-plan.ts'
import type { EventBody } from '../../../change/record/event/event.ts'
import type { AppendCondition } from '../../../change/record/store/journal.ts'
import type { StateMachine } from '../../../change/workflow/machine/machine.ts'
import { partMachine, wholeMachine } from '../../../change/workflow/site-machines.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import type { Json, JsonObject } from '../../../model/json.ts'
import { type ActJudgement, whileAllowed } from '../../access/policy/authority.ts'
import type { RecordApp } from '../../app/app.ts'
import { siteOfTargets } from '../../app/dispatch/site-of.ts'
import { isDivided } from '../../history/sites/division.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { switchesOf } from '../../plan/planning.ts'
import { systemRandom } from '../../system/machine/system-random.ts'
import { settledAppend, showWritten } from './settled-append.ts'

export interface Beginning {
  readonly purpose: 'plan' | 'run'
  readonly prepared: PreparedChange
  /** `elsewhere`: what let the whole begin that it is a part of, or nothing where no policy is asked. */
  readonly judged: ActJudgement<unknown> | 'elsewhere'
  readonly plan?: Plan
  readonly skipUnreachable?: boolean
  readonly noWait?: boolean
  /** The key that somebody asked for it under, and the digest of what was asked for. */
  readonly request?: { readonly key: string; readonly of: string }
  readonly emergency?: Extract<EventBody, { readonly type: 'BreakGlassUsed' }>
  /** The execution that it takes back by an undo that was approved before. */
  readonly undoes?: string
  readonly rebases?: string
  readonly provided?: AppendCondition
  readonly part?: { readonly of: ExecutionState; readonly site: string; readonly execution: string }
}

export function targetsOf({ plan, prepared }: Beginning): readonly string[] {
  return plan === undefined ? prepared.devices.map(({ name }) => name) : switchesOf(plan)
}

export async function recordBeginning(app: RecordApp, caller: Caller, beginning: Beginning): Promise<ExecutionState> {
  const { purpose, prepared, plan, request, emergency, skipUnreachable, part } = beginning
  const targets = targetsOf(beginning)
  const id = part?.execution ?? executionId(app)
  const started: EventBody = {
    type: 'ExecutionStarted',
    purpose,
    workflow: prepared.workflow.name,
    file: prepared.workflow.file,
    definition: prepared.digest,
    interpreter: 2,
    params: prepared.params,
    input: prepared.params,
    context: contextOf(id, prepared, app.clock.now()),
    targets,
    ...askedOf(prepared),
    ...definedMembers({ request }),
    ...(skipUnreachable === true ? { skipUnreachable } : {}),
    ...(beginning.noWait === true ? { noWait: true } : {}),
    ...definedMembers({ undoes: beginning.undoes }),
    ...rebasedBy(beginning),
    ...definedMembers({
      changeFile: prepared.changeFile,
      commit: prepared.commit,
      bundle: prepared.bundle,
      network: app.network,
    }),
    ...(plan === undefined ? {} : { plan: await storePlan(app.store, plan) }),
    ...ownedBy(app, caller, beginning),
  }
  const events = emergency === undefined ? [started] : [started, emergency]
  const provided = beginning.provided ?? (part && { of: part.of.id, newest: part.of.seq })
  const after = [{ of: id, newest: 0 }, ...(provided === undefined ? [] : [provided])]
  const journal = app.journalAs(caller.principal)
  // A part that is there and that its whole knows nothing of would be this process' own, and driven by nobody.
  const written =
    beginning.judged !== 'elsewhere'
      ? await whileAllowed(app, beginning.judged, (condition) => journal.append(id, events, [...after, condition]))
      : await settledAppend(journal, app.clock, id, events, after)
  await showWritten(caller, { targets }, written)
  return foldAll(id, written)
}

function rebasedBy({ rebases, plan }: Beginning): { readonly rebases?: string } {
  const from = rebases ?? plan?.content.rebases
  return from === undefined ? {} : { rebases: from }
}

function ownedBy(
  app: RecordApp,
  { principal, trace }: Caller,
  beginning: Beginning,
): Pick<
  Extract<EventBody, { type: 'ExecutionStarted' }>,
  'machine' | 'requester' | 'trace' | 'part' | 'divided' | 'site'
> {
  const { machine } = beginning.prepared.workflow
  const json = (made: StateMachine) => made as unknown as Json
  if (beginning.part === undefined) {
    const traced = { requester: principal, ...definedMembers({ trace }) }
    if (!isDivided(app, beginning)) return { ...traced, machine: json(machine), ...drivenAt(app, beginning) }
    return { ...traced, machine: json(wholeMachine(machine)), divided: true }
  }
  const { of, site } = beginning.part
  return {
    machine: json(partMachine(machine)),
    requester: of.requester ?? principal,
    ...definedMembers({ trace: of.trace }),
    part: { of: of.id, site },
  }
}

function drivenAt({ dispatch, project }: RecordApp, beginning: Beginning): { readonly site?: string } {
  if (dispatch === undefined) return {}
  return { site: siteOfTargets(project, targetsOf(beginning)) }
}

function askedOf({
  inventory: { only, exact },
}: PreparedChange): Pick<Extract<EventBody, { type: 'ExecutionStarted' }>, 'asked'> {
  if (only === undefined && exact === undefined) return {}
  return { asked: { ...definedMembers({ only, exact }) } }
}

function contextOf(id: string, { params, workflow }: PreparedChange, now: number): JsonObject {
  return {
    Execution: { Id: id, Name: id, Input: params, StartTime: new Date(now).toISOString(), RedriveCount: 0 },
    StateMachine: { Id: workflow.file, Name: workflow.name },
  }
}

/** Time first, so that a list sorts; the last eight hex digits name its config sessions. */
export function executionId({ clock, seams }: Pick<RecordApp, 'clock' | 'seams'>): string {
  const names = seams?.names ?? systemRandom
  const now = new Date(clock.now()).toISOString()
  return `${now.slice(0, 10).replaceAll('-', '')}-${now.slice(11, 19).replaceAll(':', '')}-${names.hex(4)}`
}
