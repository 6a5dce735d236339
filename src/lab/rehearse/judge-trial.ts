import { deviceEnds } from '../../change/engine/outcome.ts'
import type { PlanContent } from '../../change/plan/plan.ts'
import { redact } from '../../eos/config/secrets/redact.ts'
import type { DeviceEnd } from '../../model/act.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { END_WORDS } from '../../report/phrases/end-words.ts'
import type {
  CellEnd,
  RehearsedCell,
  RehearsedDifference,
  RehearsedSwitch,
  TrueEnd,
} from '../../report/rehearsal/rehearsal.ts'
import type { Cell } from './cell.ts'
import { differenceOf, type SwitchContents } from './switch-contents.ts'
import type { TrialResult } from './trial.ts'

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
