import { deviceEnds } from '../../change/engine/outcome.ts'
import type { PlanContent } from '../../change/plan/plan.ts'
import { KNOWN_FORMS_FILE } from '../../change/plan/taken-forms.ts'
import { redact } from '../../eos/config/secrets/secrets.ts'
import { renderConfig } from '../../eos/config/text/parse.ts'
import type { ConfigTree } from '../../eos/config/text/tree.ts'
import { converge } from '../../eos/sim/converge/converge.ts'
import type { NetworkState } from '../../eos/sim/converge/network-state.ts'
import type { Fabric } from '../../eos/sim/fabric/fabric.ts'
import type { DeviceEnd } from '../../model/act.ts'
import { sha256 } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { END_WORDS } from '../../report/phrases/end-words.ts'
import type {
  CellEnd,
  Rehearsal,
  RehearsedCell,
  RehearsedDifference,
  RehearsedSwitch,
  TrueEnd,
} from '../../report/rehearsal/rehearsal.ts'
import type { TrialRunner } from '../trial/trial-thread.ts'
import { type Cell, cellsOf, type Selection } from './matrix.ts'
import {
  type Controllers,
  differenceOf,
  readAll,
  type SwitchContents,
  type TrialGround,
  type TrialResult,
  Twin,
  tryOut,
} from './trial.ts'

interface Sides {
  readonly before: SwitchContents
  readonly after: SwitchContents
}

interface EndMatch {
  readonly end: TrueEnd
  readonly difference?: RehearsedDifference
}

/** What somebody typed by hand meanwhile (`edit`) belongs to neither, and may stand in either or be gone. */
export function trueEnd(now: SwitchContents, { before, after }: Sides, edit: readonly string[]): EndMatch {
  const [fromBefore, fromAfter] = [distance(before, now, edit), distance(after, now, edit)]
  if (fromBefore === undefined) return { end: 'BEFORE' }
  if (fromAfter === undefined) return { end: 'AFTER' }
  const isNearBefore = fromBefore.weight <= fromAfter.weight
  const { config, lines } = isNearBefore ? fromBefore : fromAfter
  return { end: 'IN BETWEEN', difference: { config, from: isNearBefore ? 'BEFORE' : 'AFTER', lines } }
}

function differenceBetween({ before, after }: Sides): Pick<EndMatch, 'difference'> {
  const lines = redacted(differenceOf(before.running, after.running))
  return { difference: { config: 'running-config', from: 'BEFORE', lines } }
}

interface Distance extends Pick<RehearsedDifference, 'config' | 'lines'> {
  readonly weight: number
}

const RUNNING_WEIGHS = 1000

function distance(from: SwitchContents, to: SwitchContents, edit: readonly string[]): Distance | undefined {
  const running = differenceBeside(from.running, to.running, edit)
  const startup = differenceBeside(from.startup, to.startup, edit)
  const weight = running.length * RUNNING_WEIGHS + startup.length
  if (running.length > 0) return { config: 'running-config', lines: redacted(running), weight }
  return startup.length > 0 ? { config: 'startup-config', lines: redacted(startup), weight } : undefined
}

type Lines = RehearsedDifference['lines']

function differenceBeside(from: string, to: string, edit: readonly string[]) {
  const byHand = new Set(edit.map((line) => line.trim()))
  const lines = differenceOf(from, to).filter(({ sign, text }) => sign === ' ' || !byHand.has(text.trim()))
  return lines.some(({ sign }) => sign !== ' ') ? lines : []
}

function redacted(lines: Lines): Lines {
  const texts = redact(lines.map(({ text }) => text).join('\n')).split('\n')
  return lines.map(({ sign }, index) => ({ sign, text: texts[index] ?? '' }))
}

export interface TrialCriteria {
  readonly sides: ReadonlyMap<string, Sides>
  readonly changed: ReadonlySet<string>
  readonly atomic: PlanContent['atomic']
  readonly edit: readonly string[]
}

const PERSON = 7

export function judgeTrial(cell: Cell, tried: TrialResult, yardstick: TrialCriteria): RehearsedCell {
  const { state, exit, stuck, seconds } = tried
  const switches = switchesOf(tried, yardstick)
  const end = networkEnd(switches, tried, yardstick)
  const faults = [
    ...(stuck === undefined ? [] : [`it does not end: ${stuck}`]),
    ...switches.flatMap(untruths),
    ...[...tried.switches].flatMap(([name, { execInConfig }]) =>
      execInConfig.map((line) => `${name}: \`${line}\` was typed in a config session and acted at once`),
    ),
    ...(end === 'IN BETWEEN' ? halves(switches, yardstick) : []),
    ...(end === 'UNKNOWN' && exit !== PERSON && stuck === undefined
      ? [`a switch is unknown, and exit ${exit} does not say so`]
      : []),
  ]
  return {
    ...placed(cell),
    end,
    ok: faults.length === 0 && end !== 'IN BETWEEN',
    ...(state?.outcome === undefined ? {} : { outcome: state.outcome }),
    exit,
    seconds,
    faults,
    switches: end === 'IN BETWEEN' ? shown(switches, yardstick) : switches,
  }
}

function placed(cell: Cell): Pick<RehearsedCell, 'kind' | 'says' | 'at'> {
  if (cell.try === 'crash') {
    const { record, words, resumed } = cell
    return { kind: 'crash', says: 'killed', at: { record, words, resumed } }
  }
  const { kind, point, device } = cell
  return { kind: kind.name, says: kind.says, at: { point, device } }
}

function switchesOf({ state, switches }: TrialResult, { sides, edit }: TrialCriteria): readonly RehearsedSwitch[] {
  const said = state === undefined ? {} : deviceEnds(state)
  return [...switches].flatMap(([name, now]) => {
    const own = sides.get(name)
    if (own === undefined) return []
    const told = said[name]
    return [{ name, ...trueEnd(now, own, edit), ...definedMembers({ said: told }) }]
  })
}

function networkEnd(
  switches: readonly RehearsedSwitch[],
  { state }: TrialResult,
  { changed, atomic }: TrialCriteria,
): CellEnd {
  if (switches.some(({ end }) => end === 'IN BETWEEN')) return 'IN BETWEEN'
  if (switches.some(({ said }) => said === 'unknown')) return 'UNKNOWN'
  const ends = new Set(switches.flatMap(({ name, end }) => (changed.has(name) ? [end] : [])))
  if (ends.size < 2) return [...ends][0] ?? 'BEFORE'
  return atomic !== 'change' || state?.outcome === 'tolerated' ? 'PART' : 'IN BETWEEN'
}

function shown(switches: readonly RehearsedSwitch[], { sides, changed }: TrialCriteria): readonly RehearsedSwitch[] {
  if (switches.some(({ end }) => end === 'IN BETWEEN')) return switches
  return switches.map((one) => {
    const own = sides.get(one.name)
    if (one.end !== 'AFTER' || own === undefined || !changed.has(one.name)) return one
    return { ...one, ...differenceBetween(own) }
  })
}

const MEANS: Readonly<Record<Exclude<DeviceEnd, 'unknown'>, TrueEnd>> = {
  untouched: 'BEFORE',
  unchanged: 'BEFORE',
  reverted: 'BEFORE',
  changed: 'AFTER',
}

function untruths({ name, end, said }: RehearsedSwitch) {
  if (said === undefined || said === 'unknown' || MEANS[said] === end) return []
  return [`${name}: eosflow says ${END_WORDS[said]}, and it is ${end}`]
}

function halves(switches: readonly RehearsedSwitch[], { changed }: TrialCriteria) {
  if (switches.some(({ end }) => end === 'IN BETWEEN')) return []
  const at = (wanted: TrueEnd) =>
    switches.flatMap(({ name, end }) => (changed.has(name) && end === wanted ? [name] : [])).join(', ')
  return [`the change is on ${at('AFTER')} and not on ${at('BEFORE')}`]
}

const MOST = 64

/** `converge` for trials that begin alike, one after the other: what it has computed for the same configurations on the same switches and cables it gives again. With a fault between the switches it computes anew, because that may move with time. */
export function rememberedConverge(): typeof converge {
  const texts = new WeakMap<ConfigTree, string>()
  const states = new Map<string, NetworkState>()
  const digestOf = (tree: ConfigTree) => {
    const digest = texts.get(tree) ?? sha256(renderConfig(tree))
    texts.set(tree, digest)
    return digest
  }
  return (devices, cabling, faults, at, demands) => {
    if (faults.length > 0) return converge(devices, cabling, faults, at, demands)
    const key = devices.map(({ name, config, up }) => `${name} ${up} ${digestOf(config)}`).join('\n')
    const state = states.get(key) ?? converge(devices, cabling, faults, at, demands)
    states.delete(key)
    states.set(key, state)
    const [oldest] = states.keys()
    if (states.size > MOST && oldest !== undefined) states.delete(oldest)
    return { ...state, at }
  }
}

export interface RehearsalRequest {
  readonly workflow: string
  readonly fabric: Fabric
  /** The seconds of the commit timer. */
  readonly timer: number
  readonly atomic: PlanContent['atomic']
  readonly selection: Selection
  readonly controllers: Controllers
  /** The checks of the workflow that services would answer, which a rehearsal does not ask; absent where there is none. */
  readonly unasked?: readonly string[]
}

export interface Stage {
  readonly trials: number
  tryOut(index: number): Promise<RehearsedCell>
  of(cells: readonly RehearsedCell[]): Rehearsal
}

/** Throws what kept it from success. */
export async function stageOf(request: RehearsalRequest): Promise<Stage> {
  const { fabric, controllers, timer, atomic, selection } = request
  const converge = rememberedConverge()
  const before = readAll(new Twin(fabric, selection.seed, converge).fabric)
  const bare: TrialGround = { fabric, seed: selection.seed, timer, edit: [], controllers, converge }
  const undisturbed = requireSuccess(await tryOut(bare))
  const edit = editBeside([...before.values(), ...undisturbed.switches.values()])
  const ground = { ...bare, edit }
  const yardstick = yardstickOf(before, undisturbed, atomic, edit)
  const order = undisturbed.state.plan?.waves.flat() ?? []
  const cells = cellsOf(order, undisturbed.events, selection)
  return {
    trials: cells.length,
    tryOut: async (index) => {
      const cell = cells[index]
      if (cell === undefined) throw new RangeError(`no trial ${index}`)
      return judgeTrial(cell, await tryOut(ground, cell), yardstick)
    },
    of: (judged) => ({
      workflow: request.workflow,
      fabric: fabric.name,
      devices: order,
      seed: selection.seed,
      undisturbed: { records: undisturbed.events.length, seconds: undisturbed.seconds },
      cells: judged,
      ...definedMembers({ unasked: request.unasked }),
    }),
  }
}

interface RehearsalWatch {
  readonly stop: AbortSignal
  progress(done: number, of: number): void
}

/** Makes every trial of a stage once, each time from the same beginning. Each runner takes the next trial when it has made the one before. */
export async function rehearse(
  stage: Stage,
  runners: readonly TrialRunner<RehearsedCell>[],
  { stop, progress }: RehearsalWatch,
): Promise<Rehearsal> {
  const { trials } = stage
  const judged: RehearsedCell[] = []
  let next = 0
  let done = 0
  const work = async (runner: TrialRunner<RehearsedCell>) => {
    for (let index = next++; index < trials; index = next++) {
      if (stop.aborted) throw new EosflowError('cancelled', 'stopped before everything was tried')
      judged[index] = await runner(index)
      done += 1
      progress(done, trials)
    }
  }
  await Promise.all(runners.map(work))
  return stage.of(judged)
}

// What a switch says of a line that it cannot read (docs/eos.md 1.4).
const UNREAD = /\b(?:Invalid input|Incomplete command|Ambiguous command) \(at token \d+: /

const LOOK =
  'Only a change that succeeds can be rehearsed. Look at it with eosflow plan --offline, or in a test with eosflow test.'
const TEACH = `A simulated switch knows fewer lines than yours. If yours takes this one, write its form into ${KNOWN_FORMS_FILE}, below the command that opens its mode: \`mtu <68-65535>\` (docs/syntax.md).`

type Succeeded = TrialResult & { readonly state: NonNullable<TrialResult['state']> }

function requireSuccess(tried: TrialResult): Succeeded {
  const { state, stuck } = tried
  if (state?.outcome === 'succeeded' && (state.plan?.waves.flat().length ?? 0) > 0) return { ...tried, state }
  const error = state?.compensation?.error
  const why =
    stuck ?? error?.message ?? (state?.outcome === undefined ? 'it does not begin' : `it ends ${state.outcome}`)
  throw new EosflowError(
    error?.kind ?? 'state-failed',
    `the change fails on the simulated switches even without a fault: ${why}`,
    { hint: UNREAD.test(why) ? TEACH : LOOK },
  )
}

function yardstickOf(
  before: ReadonlyMap<string, SwitchContents>,
  { switches }: TrialResult,
  atomic: PlanContent['atomic'],
  edit: readonly string[],
): TrialCriteria {
  const sides = new Map(
    [...switches].flatMap(([name, after]) => {
      const own = before.get(name)
      return own === undefined ? [] : [[name, { before: own, after }] as const]
    }),
  )
  const changed = [...sides].filter(([, side]) => side.before.running !== side.after.running).map(([name]) => name)
  return { sides, changed: new Set(changed), atomic, edit }
}

const HIGHEST_VLAN = 4094

function editBeside(readings: readonly SwitchContents[]) {
  const texts = readings.map(({ running }) => running)
  for (let vlan = HIGHEST_VLAN; vlan > 1; vlan -= 1) {
    if (!texts.some((text) => new RegExp(`\\b${vlan}\\b`).test(text))) return [`vlan ${vlan}`, 'name REHEARSED-BY-HAND']
  }
  throw new EosflowError('state-failed', 'no VLAN is left for the edits by hand of a rehearsal')
}
