import { deviceEnds } from '../../change/engine/outcome.ts'
import type { PlanContent } from '../../change/plan/plan.ts'
import type { DeviceEnd } from '../../model/act.ts'
import { END_WORDS } from '../../report/phrases/end-words.ts'
import type { CellEnd, RehearsedCell, RehearsedSwitch, TrueEnd } from '../../report/rehearsal/rehearsal.ts'
import type { Cell } from './cell.ts'
import type { TrialResult } from './trial.ts'
import { differenceBetween, type Sides, trueEnd } from './true-end.ts'

/** What trials are judged by. */
export interface TrialCriteria {
  /** Every switch of the fabric, by its name. */
  readonly sides: ReadonlyMap<string, Sides>
  /** The switches that the undisturbed change changes. */
  readonly changed: ReadonlySet<string>
  readonly atomic: PlanContent['atomic']
  readonly edit: readonly string[]
}

/** The exit code that says that a person is needed. */
const PERSON = 7

/** Holds what eosflow says of a trial against where the switches truly are. */
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
    return [{ name, ...trueEnd(now, own, edit), ...(told === undefined ? {} : { said: told }) }]
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

/** Where each switch is at an end and all together are not: what those have that are at AFTER. */
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

/** What eosflow says of a switch and is not so. */
function untruths({ name, end, said }: RehearsedSwitch): readonly string[] {
  if (said === undefined || said === 'unknown' || MEANS[said] === end) return []
  return [`${name}: eosflow says ${END_WORDS[said]}, and it is ${end}`]
}

/** Why good ends of switches are together no good end of the network. */
function halves(switches: readonly RehearsedSwitch[], { changed }: TrialCriteria): readonly string[] {
  if (switches.some(({ end }) => end === 'IN BETWEEN')) return []
  const at = (wanted: TrueEnd): string =>
    switches.flatMap(({ name, end }) => (changed.has(name) && end === wanted ? [name] : [])).join(', ')
  return [`the change is on ${at('AFTER')} and not on ${at('BEFORE')}`]
}
