import { readState } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { InventoryDevice } from '../../../change/inventory/inventory.ts'
import { makePlan } from '../../../change/plan/make-plan.ts'
import { offlineEvidence } from '../../../change/plan/offline.ts'
import type { Plan, PlanContent } from '../../../change/plan/plan.ts'
import { type PreparedChange, prepare } from '../../../change/plan/prepare.ts'
import { compare } from '../../../change/plan/seal.ts'
import { plannedOf } from '../../../change/plan/settled.ts'
import { recordedPlan } from '../../../change/plan/stored-plan.ts'
import type { ArtefactRef } from '../../../change/record/event/record-schema.ts'
import { textsOf } from '../../../change/record/texts-of.ts'
import { onEach, read } from '../../../change/task/act/act.ts'
import { quoted } from '../../../change/task/act/config-changes.ts'
import type { DeviceEvidence } from '../../../change/task/act/context.ts'
import { heldStartup, heldText, SHOW_STARTUP, unreadText } from '../../../change/task/act/mend-startup.ts'
import { isSameSwitch } from '../../../change/task/act/switch-identity.ts'
import type { ConfigChange } from '../../../eos/config/diff/diff.ts'
import { redact } from '../../../eos/config/secrets/secrets.ts'
import { type DeviceIdentity, savedState } from '../../../eos/device/device.ts'
import type { DeviceHistory } from '../../../eos/device/history.ts'
import { EosflowError } from '../../../model/error.ts'
import { formatDuration } from '../../../text/source/duration.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { failoverOf } from '../../files/failover.ts'
import { loadWorkflow } from '../../files/load-workflow.ts'
import { type Inverse, inverseOf, unexpected } from '../../history/plans/inverse.ts'
import { requirePlanOfOne } from '../../history/sites/parts.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { openFleet, readersOf, trustRecord } from '../../switches/connect/open-fleet.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { orProblems } from '../../system/process/input-error.ts'
import { definitionHere } from '../definition/definition-of.ts'
import { appWith, keepSources, LONGEST_UNDO, type RollbackSources, undoOf, WORKFLOW } from './sources.ts'

// How long a switch may take to answer over a new connection after its rollback, and for how long it must go on, in seconds.
const WITHIN = 30
const STABLE_FOR = 5
// What a commit timer must leave beyond all verification, in seconds; and how much more than its term where a worker may die.
const RESERVE = 60
const FAILOVER = 30
const APART = ['lldp', 'mlag']
const NAME_LENGTH = 64

// The workflow that takes a change back on the named switches, in waves of the same sizes, redundant ones apart unless the change itself did not keep them so; two that went together do so again where their lines allow it. `failover`: for so many seconds nobody drives it where its worker dies.
function rollbackWorkflow(
  { workflow, waves, together, pairs = [], underChange = [], concurrency, timers, approve, allow }: PlanContent,
  names: readonly string[],
  mode: 'merge' | 'replace',
  failover?: number,
  areas: readonly string[] = APART,
): string {
  const back = new Set(names)
  const sizes = waves.map((wave) => wave.filter((name) => back.has(name)).length).filter((size) => size > 0)
  const rounds = sizes.reduce((sum, size) => sum + Math.ceil(size / concurrency), 0)
  // What no budget lets be under change at once is confirmed wave by wave, as it was changed.
  const isOver = underChange.some(({ max, switches }) => switches.filter((name) => back.has(name)).length > max)
  const confirmed = isOver ? { atomic: 'wave' } : {}
  const isPaired = pairs.some(({ as }) => as === 'together')
  const asBefore = isPaired ? { pairs: 'auto' } : together === undefined ? {} : { keepApart: 'none' }
  // Switches that turned out to be redundant since make two waves of one.
  const verifying = 2 * rounds * WITHIN
  const reserve = RESERVE + (failover === undefined ? 0 : failover + FAILOVER)
  return JSON.stringify({
    name: `rollback-${workflow.name}`.slice(0, NAME_LENGTH),
    targets: '*',
    change: { mode, file: '{{ device.name }}.cfg' },
    // What the change has broken may be the other side: it must not keep the change from being taken back.
    rollout: {
      waves: sizes,
      concurrency,
      fitness: 'off',
      ...confirmed,
      ...asBefore,
    },
    steps: [
      { snapshot: { state: areas } },
      'plan',
      approve === null ? 'approve' : { approve: { expires: formatDuration(approve.expires) } },
      { push: { confirmWithin: formatDuration(Math.max(timers.confirmWithin, verifying + reserve)) } },
      {
        verify: {
          within: formatDuration(WITHIN),
          stableFor: formatDuration(STABLE_FOR),
          every: '2s',
          checks: ['reachable'],
        },
      },
      'confirm',
    ],
    allow,
  })
}

export type Applies = Extract<Inverse, { kind: 'applies' }>

/** What a rollback is to do: its sources, or nothing, because every one of these switches is back already. */
export type PlannedInverse = { readonly back: readonly string[]; readonly sources: RollbackSources | undefined }

export interface SwitchNow {
  readonly running: string
  readonly startup?: string
}

export type RunningNow = ReadonlyMap<string, SwitchNow> | undefined

/** Throws `stale` when the inverse no longer applies to one of them. */
export async function planInverse(
  app: RecordApp,
  state: ExecutionState,
  plan: Plan,
  names: readonly string[],
  running: RunningNow,
): Promise<PlannedInverse> {
  const { allow } = plan.content
  const inverses = await Promise.all(
    names.map(async (name) => {
      const texts = await changeOn(app, state, name)
      return [name, inverseOf({ ...texts, running: running?.get(name)?.running ?? texts.target, allow })] as const
    }),
  )
  requireApplicable(app, state, inverses)
  const applies = inverses.flatMap(([name, inverse]) => (inverse.kind === 'applies' ? [[name, inverse] as const] : []))
  const back = inverses.flatMap(([name, { kind }]) => (kind === 'back' ? [name] : []))
  if (applies.length === 0) return { back, sources: undefined }
  const sources = sourcesOfInverse(app, plan, state.id, applies)
  return { back, sources: running === undefined ? { ...sources, asRecorded: true } : sources }
}

// The sources of what takes a change back on these switches; `of` names it. `expires`: for how many seconds its approval may hold; `areas`: the
// state that it is planned with.
function sourcesOfInverse(
  app: RecordApp,
  { content }: Plan,
  of: string,
  applies: readonly (readonly [string, Applies])[],
  { expires, areas }: { readonly expires?: number; readonly areas?: readonly string[] } = {},
): RollbackSources {
  const mode = applies.every(([, { merge }]) => merge !== undefined) ? 'merge' : 'replace'
  const names = applies.map(([name]) => name)
  const files = applies.map(([name, inverse]) => [`${name}.cfg`, `${linesIn(app, name, inverse, mode).join('\n')}\n`])
  const given = expires === undefined ? content : { ...content, approve: { ...content.approve, expires } }
  return {
    version: 1,
    of,
    files: {
      [WORKFLOW]: rollbackWorkflow(given, names, mode, failoverOf(app.project), areas),
      ...Object.fromEntries(files),
    },
    changes: Object.fromEntries(applies.map(([name, { changes }]) => [name, changes])),
  }
}

export async function preparedInverse(
  app: App,
  sources: RollbackSources,
): Promise<{ readonly app: App; readonly prepared: PreparedChange }> {
  const file = await keepSources(app, sources)
  const filed = appWith(app, file, sources)
  const { project } = filed
  const prepared = orProblems(
    prepare({
      workflow: loadWorkflow(project, file),
      given: {},
      inventory: project.inventory(),
      switches: Object.keys(sources.changes),
      files: project.files,
    }),
  )
  return { app: filed, prepared }
}

/** Throws `stale`. */
export async function planOf(app: RecordApp, { id, plan }: ExecutionState): Promise<Plan> {
  if (plan === undefined) throw new EosflowError('stale', `execution ${id} has no plan`)
  return await recordedPlan(app.store, plan.ref)
}

async function changeOn(
  app: RecordApp,
  state: ExecutionState,
  name: string,
): Promise<Record<'base' | 'target', string>> {
  const { base, target } = state.devices.get(name) ?? ({} as Partial<DeviceHistory>)
  if (base === undefined || target === undefined) throw new EosflowError('bug', `${name}: nothing was staged`)
  return { base: await app.store.get(base), target: await app.store.get(target) }
}

/** Throws `wrong-device`, and what a read throws. */
export async function runningNow(
  app: App,
  caller: Caller,
  plan: Plan,
  devices: readonly InventoryDevice[],
): Promise<RunningNow> {
  if (app.dispatch !== undefined) return undefined
  const inventory = app.project.inventory()
  const fleet = openFleet(app, caller, inventory, devices, { record: trustRecord(app, caller) }).as('read')
  const readers = readersOf(app, caller, fleet)
  const reading = async (name: string): Promise<readonly [string, SwitchNow]> => {
    const { identity } = await read(readers, name, (device) => device.look([]))
    requireChanged(plan, name, identity)
    const config = await read(readers, name, (device) => device.readConfig())
    const { running } = config
    if (savedState(config) === 'saved') return [name, { running, startup: running }]
    const [printed] = await read(readers, name, (device) => device.print([SHOW_STARTUP]))
    return [name, { running, ...(printed?.ok === true ? { startup: printed.text } : {}) }]
  }
  try {
    const names = devices.map(({ name }) => name)
    return new Map(await onEach(names, reading))
  } finally {
    await fleet.close()
  }
}

// Throws `wrong-device` where another switch answers than the one that a plan has changed.
function requireChanged(plan: Plan, name: string, identity: DeviceIdentity): void {
  if (isSameSwitch(identity, plannedOf(plan, name).identity)) return
  throw new EosflowError('wrong-device', `${name}: another switch answers than the one that was changed`, {
    device: name,
    hint: 'Check the address in the inventory.',
  })
}

// Throws `stale` where the inverse no longer applies to a switch as it is.
function requireApplicable(
  app: WordedHost,
  { id }: Pick<ExecutionState, 'id'>,
  inverses: readonly (readonly [string, Inverse])[],
): void {
  const moved = inverses.flatMap(([name, inverse]) =>
    inverse.kind === 'moved' ? [`${name} has moved on since: ${changeWords(inverse.because)}`] : [],
  )
  if (moved.length === 0) return
  throw new EosflowError('stale', moved.join('\n'), hinted(app, { code: 'leave-out-or-undo-by-hand', execution: id }))
}

// Throws `stale` when it can be none.
function linesIn(app: WordedHost, name: string, inverse: Applies, mode: 'merge' | 'replace') {
  const lines = inverse[mode]
  if (lines !== undefined) return lines
  throw new EosflowError('stale', `${name} has moved on since, and the others can only be put back whole`, {
    device: name,
    ...hinted(app, { code: 'roll-back-one-by-one' }),
  })
}

// Changes as part of a sentence: `+vlan 999; -interface Ethernet1 / mtu 9214`, the first ones, without secrets.
function changeWords(changes: readonly ConfigChange[]): string {
  return quoted(changes.map(({ sign, path, line }) => sign + [...path, line].map((one) => redact(one)).join(' / ')))
}

interface GoneChange {
  readonly state: ExecutionState
  readonly plan: Plan
  readonly names: readonly string[]
  readonly running: RunningNow
}

export async function heldByStartup(
  app: RecordApp,
  { state, plan, names, running }: GoneChange,
): Promise<readonly string[]> {
  if (running === undefined) return []
  const said = await Promise.all(
    names.map(async (name) => {
      const now = running.get(name)
      if (now === undefined) return []
      if (now.startup === undefined) return [`${name}: ${unreadText(name)}`]
      const { base, target } = await changeOn(app, state, name)
      const before = await startupBefore(app, state, plan, name, base)
      const found = heldStartup({ base, target, before, running: now.running, startup: now.startup })
      return found.held.length === 0 ? [] : [`${name}: ${heldText(name, found)}`]
    }),
  )
  return said.flat()
}

async function startupBefore(app: RecordApp, state: ExecutionState, plan: Plan, name: string, base: string) {
  const startup = state.devices.get(name)?.startup
  if (startup !== undefined) return app.store.get(startup)
  return plannedOf(plan, name).base.startupEqualsRunning ? base : undefined
}

/** Throws `stale` and `wrong-device`. */
export type JudgeInverse = (evidence: readonly DeviceEvidence[]) => void

export async function inverseJudge(
  app: RecordApp,
  sources: RollbackSources | undefined,
): Promise<JudgeInverse | undefined> {
  if (sources === undefined) return undefined
  if (sources.asRecorded !== true) return (evidence) => requireInverse(app, sources, evidence)
  // What cannot be read keeps nobody from settling what is live: it is thrown where a plan is judged.
  return judgeByRecord(app, sources).catch((error: unknown) => () => {
    throw error
  })
}

async function judgeByRecord(app: RecordApp, sources: RollbackSources): Promise<JudgeInverse> {
  const { of: execution } = sources
  const state = await readState(app.store, execution)
  const plan = await planOf(app, state)
  const names = Object.keys(sources.changes)
  const changes = new Map(
    await Promise.all(names.map(async (name) => [name, await changeOn(app, state, name)] as const)),
  )
  return (evidence) => {
    const inverses = evidence.map(({ device, identity, staged: { running } }) => {
      requireChanged(plan, device, identity)
      const { base = '', target = '' } = changes.get(device) ?? {}
      return [device, inverseOf({ base, target, running, allow: plan.content.allow })] as const
    })
    requireApplicable(app, state, inverses)
    const back = inverses.flatMap(([name, { kind }]) => (kind === 'back' ? [[name, []] as const] : []))
    requireInverse(app, { ...sources, changes: { ...sources.changes, ...Object.fromEntries(back) } }, evidence)
  }
}

// Throws `stale` unless every switch makes the inverse of the approved change of the lines it was given, no more and no less.
function requireInverse(
  app: WordedHost,
  { of: execution, changes }: RollbackSources,
  evidence: readonly DeviceEvidence[],
): void {
  const findings = evidence.flatMap(({ device, staged }) => {
    const made = compare(staged.running, staged.candidate).changes
    const off = unexpected(made, changes[device] ?? [])
    return off.length === 0 ? [] : [`${device}: the switch would not make the inverse: ${changeWords(off)}`]
  })
  if (findings.length === 0) return
  throw new EosflowError('stale', findings.join('\n'), hinted(app, { code: 'undo-by-hand', execution }))
}

/** The plan that takes another one back, on switches as they are once that one is confirmed and saved: a plan like any other, with its own digest and demands. The same plan always has the same undo while the project's settings and policy stay. */
export async function undoPlanOf(given: App, caller: Caller, plan: Plan): Promise<Plan> {
  requirePlanOfOne(plan)
  requireNoBootLines(given, plan)
  const texts = await keptConfigs(given, plan)
  const { content, evidence } = plan
  const applies = content.waves.flat().map((name) => [name, inverseFor(plan, name, texts)] as const)
  const sources = sourcesOfInverse(given, plan, undoOf(plan.digest), applies, {
    expires: LONGEST_UNDO,
    // What the change itself was planned with says which switches are redundant.
    areas: APART.filter((area) =>
      content.devices.every(({ name }) => area in ((evidence.state[name] ?? {}) as object)),
    ),
  })
  const { app, prepared } = await preparedInverse(given, sources)
  const shown = prepared.devices.map(({ name }) => {
    const { identity } = plannedOf(plan, name)
    const rendered = prepared.changes[name]
    if (rendered === undefined) throw new EosflowError('bug', `${name}: no lines of the undo were rendered`)
    const running = texts(name).candidate
    const state = evidence.state[name] as DeviceEvidence['state']
    return offlineEvidence({ name, identity, running, startupDiff: '', state }, rendered)
  })
  requireInverse(app, sources, shown)
  const [requester = caller.principal] = content.requesters
  return makePlan(definitionHere(app, prepared, requester, app.key.text), shown)
}

type Configs = (name: string) => { readonly base: string; readonly candidate: string }

// Throws `stale` where the store has not kept them.
async function keptConfigs(app: RecordApp, plan: Plan): Promise<Configs> {
  const { store } = app
  // Who runs a saved plan puts it on record once more, and asks no switch for it.
  const made = await store.planMade(plan.digest, 'candidates')
  if (made?.bases === undefined || made.candidates === undefined) {
    throw notKept(app, await store.knowsPlan(plan.digest), plan)
  }
  const refsIn = async (ref: ArtefactRef) => JSON.parse(await store.get(ref)) as Readonly<Record<string, ArtefactRef>>
  const [bases, candidates] = [await refsIn(made.bases), await refsIn(made.candidates)]
  const textsIn = async (refs: Readonly<Record<string, ArtefactRef>>): Promise<ReadonlyMap<string, string>> => {
    const wanted = plan.content.waves.flat().map((name) => {
      const ref = refs[name]
      if (ref === undefined) throw notKept(app, true, plan)
      return [name, ref] as const
    })
    const found = new Map<string, string>()
    for await (const [name, text] of textsOf(store, wanted)) found.set(name, text)
    return found
  }
  const [base, candidate] = [await textsIn(bases), await textsIn(candidates)]
  return (name) => {
    const [own, changed] = [base.get(name), candidate.get(name)]
    if (own === undefined || changed === undefined) throw new EosflowError('bug', `${name} does not change`)
    return { base: own, candidate: changed }
  }
}

function requireNoBootLines(app: WordedHost, { content: { devices } }: Plan) {
  const booted = devices.flatMap(({ name, bootLines }) => (bootLines === undefined ? [] : [name]))
  if (booted.length > 0)
    throw noUndo(app, `its boot lines act at once, and no configuration undoes them (${booted.join(', ')})`)
}

function notKept(app: WordedHost, isKnown: boolean, { content }: Plan) {
  const why = !isKnown
    ? 'this store has no record of the plan, so that it does not know what the switches run'
    : content.offline
      ? 'the plan was made offline, so that nobody has asked the switches what they run'
      : 'the configurations of its switches were not read here, or are too much to be kept'
  return noUndo(app, why)
}

function noUndo(app: WordedHost, why: string) {
  return new EosflowError(
    'stale',
    `there is no undo that could be approved with this plan: ${why}`,
    hinted(app, { code: 'without-undo' }),
  )
}

function inverseFor(plan: Plan, name: string, texts: Configs) {
  const { base, candidate } = texts(name)
  const inverse = inverseOf({ base, target: candidate, running: candidate, allow: plan.content.allow })
  if (inverse.kind === 'applies') return inverse
  const because = inverse.kind === 'moved' ? `: ${changeWords(inverse.because)}` : ''
  throw new EosflowError('stale', `${name}: no lines undo this change${because}`, { device: name })
}
