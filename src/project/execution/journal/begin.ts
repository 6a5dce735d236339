import { fold, foldAll } from '../../../change/engine/fold.ts'
import type { Ledger } from '../../../change/engine/ledger.ts'
import { answerOf } from '../../../change/engine/opened-features.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { InventoryDevice } from '../../../change/inventory/inventory.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { storePlan } from '../../../change/plan/stored-plan.ts'
import type { EventBody, JournalEvent } from '../../../change/record/event/event.ts'
import {
  type AppendCondition,
  type Journal,
  OutageError,
  type RepeatedWrite,
  type Subscriber,
} from '../../../change/record/store/journal.ts'
import type { StateMachine } from '../../../change/workflow/machine/machine.ts'
import { partMachine, wholeMachine } from '../../../change/workflow/site-machines.ts'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError, type Problem, problemOf } from '../../../model/error.ts'
import { definedMembers, type Json, type JsonObject, ownMember } from '../../../model/json.ts'
import { referenceText } from '../../../model/secret-reference.ts'
import type { KnownProgress } from '../../../report/past-execution.ts'
import { leftBehind } from '../../../report/phrases/switches-at-exit.ts'
import { type ActJudgement, whileAllowed } from '../../access/policy/authority.ts'
import { requireUnfrozen } from '../../access/policy/freeze-in-force.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { siteOfTargets } from '../../app/dispatch/site-of.ts'
import { closeSecrets, secretsOf } from '../../app/secrets/open-secrets.ts'
import type { Project } from '../../files/project.ts'
import { isDivided } from '../../history/sites/parts.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { switchesOf } from '../../plan/planning.ts'
import { SHORTEST } from '../../secret/ordinary.ts'
import type { SecretPorts } from '../../secret/secrets.ts'
import { openHttp } from '../../switches/connect/open-fleet.ts'
import { requireClocksHere } from '../../switches/connect/switch-clocks.ts'
import { requireMerged } from '../../switches/inventory/refresh-sources.ts'
import { owedBySettings, requireFeatures, requireNothingOwed, servicesOf } from '../../system/feature/feature.ts'
import { systemRandom } from '../../system/machine/system-clock.ts'
import type { Console, ExitMessage } from '../../system/process/console.ts'
import { InputError } from '../../system/process/input-error.ts'
import { tellTickets } from '../around/tell-tickets.ts'
import { awaitQuarantines, requireFree, requireMayBegin, requireOwnerSessions } from '../may-begin/window.ts'

// How long it is waited before a store that was away is asked again, in milliseconds.
const PAUSE = 1_000

/**
 * Appends for a process that has time: while the store is away it waits, and what may have been written is settled, so that the record says
 * afterwards what this process knows. Throws as an append does otherwise.
 */
export async function settledAppend(
  journal: Journal,
  clock: Pick<Clock, 'sleep'>,
  execution: string,
  events: readonly EventBody[],
  after: number | readonly AppendCondition[],
): Promise<readonly JournalEvent[]> {
  let again: RepeatedWrite | undefined
  for (;;) {
    try {
      return await journal.append(execution, events, after, again)
    } catch (error) {
      if (!(error instanceof OutageError)) throw error
      const write = error.doubt ?? again?.write
      again = write === undefined ? undefined : { write, ifLost: 'send' }
    }
    await clock.sleep(PAUSE)
  }
}

export async function showWritten(
  caller: Pick<Console, 'watch'>,
  begun: KnownProgress,
  written: readonly JournalEvent[],
): Promise<void> {
  const watch = await caller.watch?.(begun)
  watch?.written(written)
  watch?.close()
}

/** Knows how far one execution has come, so that this can be said at any moment without reading. */
export interface Progress {
  readonly hears: Subscriber
  /** The last word about the execution, at a time in milliseconds since the epoch. */
  lastWord(now: number): ExitMessage
  explained(error: unknown, now: number): unknown
}

export function progressOf(start: ExecutionState): Progress {
  let state = start
  return {
    hears: ({ of }) => ({
      written: (written) => {
        if (of === state.id) state = written.reduce(fold, state)
      },
    }),
    explained: (error, now) => {
      if (!(error instanceof EosflowError) || error.kind !== 'store') return error
      const message = `${error.message}\nWhere the switches are: ${leftBehind(state, now).places}`
      return new EosflowError('store', message, {
        retryable: error.retryable,
        cause: error,
        ...definedMembers({ hint: error.hint }),
      })
    },
    lastWord: (now) => {
      const { line, unprotected } = leftBehind(state, now)
      if (unprotected.length === 0) return { line }
      const names = unprotected.join(', ')
      return {
        line,
        unprotected: `${names}: confirmed, so that no commit timer puts it back; going on until that is done. Interrupt once more to leave it as it is.`,
      }
    },
  }
}

// Puts on record which secrets an execution has asked for: each reference and version once, and each reason why one was not had; never a value.
interface SecretRecord {
  readonly resolved: NonNullable<SecretPorts['resolved']>
  // From now on there is a ledger to write to; before it no switch and no service is spoken to.
  writeTo(ledger: Pick<Ledger, 'append'>): void
}

export function secretRecord({ policyPresent, settings }: Project): SecretRecord {
  const { exec, vault } = settings.secrets
  const isKept = policyPresent || vault !== undefined || Object.keys(exec).length > 0
  const known = new Set<string>()
  let ledger: Pick<Ledger, 'append'> | undefined
  return {
    writeTo: (one) => {
      ledger = one
    },
    resolved: async ({ reference, version, goodUntil, reason }) => {
      const key = `${reference} ${version ?? ''} ${reason ?? ''}`
      if (!isKept || ledger === undefined || known.has(key)) return
      known.add(key)
      await ledger.append({
        type: 'SecretResolved',
        reference,
        outcome: reason === undefined ? 'ok' : 'failed',
        ...definedMembers({ reason }),
        ...(version === undefined ? {} : { version: String(version) }),
        ...(goodUntil === undefined ? {} : { until: new Date(goodUntil).toISOString() }),
      })
    },
  }
}

// Vault makes what it lends when it is asked for it, so nobody can have given that (developer.hashicorp.com/vault/docs/concepts/lease).
const LENT = /(?:^|\/)creds\//

const SECRETS = ['password', 'key', 'passphrase', 'enable'] as const

// Programs and Vault are asked for these secrets now, because the change asks for them a moment later. Throws InputError.
async function requireSecretlessParams(
  app: RecordApp,
  caller: Pick<Caller, 'tell'>,
  { params, devices }: Pick<PreparedChange, 'params' | 'devices'>,
) {
  const texts = Object.entries(params as JsonObject).map(([name, value]) => [name, JSON.stringify(value)] as const)
  if (texts.every(([, text]) => text.length < SHORTEST)) return
  await knowLogins(app, caller, devices)
  const held = texts.filter(([, text]) => app.scrubber.scrub(text) !== text)
  if (held.length === 0) return
  throw new InputError(held.map(([name]) => secretInParam(name)))
}

async function knowLogins(
  app: RecordApp,
  caller: Pick<Caller, 'tell'>,
  devices: readonly Pick<InventoryDevice, 'credentials' | 'readCredentials' | 'via'>[],
) {
  const references = referencesOf(app, devices)
  if (references.length === 0) return
  const secrets = secretsOf(app)
  try {
    await Promise.all(
      references.map((reference) =>
        secrets.resolve(reference).catch((error: unknown) => {
          if (!(error instanceof EosflowError) || error.kind === 'bug') throw error
        }),
      ),
    )
  } finally {
    await closeSecrets(secrets, caller)
  }
}

function referencesOf(
  { project }: RecordApp,
  devices: readonly Pick<InventoryDevice, 'credentials' | 'readCredentials' | 'via'>[],
) {
  const users = new Set(
    devices.flatMap(({ credentials, readCredentials, via = [] }) => [
      credentials,
      ...(readCredentials === undefined ? [] : [readCredentials]),
      ...via.map((hop) => hop.credentials),
    ]),
  )
  const { credentials } = project.inventory()
  const sources = [...users].flatMap((user) => (user === undefined ? [] : (ownMember(credentials, user) ?? [])))
  const texts = sources.flatMap((source) =>
    SECRETS.flatMap((member) => {
      const secret = source[member]
      if (secret?.provider === 'vault') return LENT.test(secret.path) ? [] : [referenceText(secret)]
      return secret?.provider === 'exec' ? [referenceText(secret)] : []
    }),
  )
  return [...new Set(texts)]
}

function secretInParam(name: string) {
  return problemOf(
    name,
    'secret-parameter',
    `the parameter \`${name}\` holds a secret of this project`,
    'Parameters are recorded and shown to approvers. Give the secret by its reference where it is needed.',
  )
}

/** Throws `window-closed` while a freeze is in force, unless the glass is broken for it, and where its change file does not let it begin; `busy` when another execution holds one of its switches or what must hold does not, `clock` where this machine's clock is wrong, InputError where the invariants are not good. */
export async function begin(app: App, caller: Caller, beginning: Beginning): Promise<ExecutionState> {
  const targets = targetsOf(beginning)
  requireNothingOwed(owedBySettings(app.project))
  if (beginning.plan !== undefined) requireFeatures(app.features, beginning.plan)
  // Those that cannot be read are told before anything is on record.
  app.project.invariants()
  await requireSecretlessParams(app, caller, beginning.prepared)
  if (beginning.plan === undefined) {
    await requireBegun(app, caller, beginning.prepared)
    await tellTickets(app, caller, beginning.prepared)
  } else await requireMerged(app, caller, beginning.plan)
  if (beginning.purpose === 'run') requireOwnerSessions(app, targets)
  if (beginning.purpose === 'run' && beginning.emergency === undefined) await requireUnfrozen(app)
  await app.clockRule?.require()
  await requireMayBegin(app, beginning)
  await requireClocksHere(app, caller, targets)
  if (beginning.purpose === 'run') {
    await requireFree(app, targets)
    await awaitQuarantines(app, caller, targets)
    await caller.begins?.(app.shared === undefined ? undefined : app.notes)
  }
  return recordBeginning(app, caller, beginning)
}

// Throws InputError with what a feature finds wrong in the files, and as a feature does.
async function requireBegun(app: RecordApp, caller: Pick<Caller, 'stop' | 'tell'>, prepared: PreparedChange) {
  const secrets = secretsOf(app)
  const services = servicesOf(app, openHttp(app, secrets))
  try {
    for (const feature of app.features) {
      if (feature.begin === undefined) continue
      const { name, begin: asked } = feature
      const problems = await answerOf(name, () => asked(prepared, services), {
        clock: services.waits,
        signal: caller.stop,
      })
      if (!Array.isArray(problems) || !problems.every(isProblem))
        throw new EosflowError('bug', `the feature ${name} says what is no problem`)
      if (problems.length > 0) throw new InputError(problems)
    }
  } finally {
    await closeSecrets(secrets, caller)
  }
}

function isProblem(one: Partial<Problem> | undefined) {
  return typeof one?.message === 'string' && one.at !== undefined
}

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

function targetsOf({ plan, prepared }: Beginning): readonly string[] {
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
    ...definedMembers({
      request,
      skipUnreachable: skipUnreachable || undefined,
      noWait: beginning.noWait || undefined,
      undoes: beginning.undoes,
      rebases: beginning.rebases ?? plan?.content.rebases,
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
  return { asked: definedMembers({ only, exact }) }
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
