import { isDeepStrictEqual } from 'node:util'
import { foldAll } from '../../src/engine/fold.ts'
import { deviceEnds } from '../../src/engine/outcome.ts'
import type { JournalEvent, Outcome } from '../../src/journal/event.ts'
import { transitionsOf } from '../../src/journal/transitions.ts'
import type { StateMachine } from '../../src/workflow/machine.ts'
import { SWITCHES } from './random-machine.ts'
import { EXECUTION } from './random-machine-journal.ts'
import type { Ran } from './random-machine-run.ts'
import { keptSwitches } from './random-machine-settled.ts'
import { standing } from './random-machine-switches.ts'
import { brokenUndos } from './random-machine-undos.ts'

const GOOD: ReadonlySet<Outcome | undefined> = new Set(['succeeded', 'tolerated', 'planned', 'nothing-to-do'])

/** Every law that one run breaks, in words. */
export function brokenLaws(machine: StateMachine, { state, events, deeds, wrongs }: Ran): readonly string[] {
  const broken = [...wrongs]
  const compensated = state.compensation !== undefined
  if (state.status !== 'ended') broken.push(`it stands still, ${state.status}`)
  broken.push(...brokenSwitches(machine, { state, events, deeds }, compensated))
  broken.push(...brokenOrder(events), ...brokenTransitions(events))
  const done = deeds.filter(({ deed }) => deed === 'done').map(({ of }) => of)
  if (new Set(done).size !== done.length) broken.push(`done twice: ${done.filter((of, at) => done.indexOf(of) !== at)}`)
  if (state.status === 'ended') broken.push(...brokenUndos(machine, events, deeds))
  const unanswered = undoFailures(events)
  if (unanswered > 0 && GOOD.has(state.outcome)) broken.push(`${state.outcome} with ${unanswered} undos that failed`)
  return broken
}

function brokenSwitches(
  machine: StateMachine,
  { state, events, deeds }: Pick<Ran, 'state' | 'events' | 'deeds'>,
  compensated: boolean,
): readonly string[] {
  const kept = keptSwitches(machine, events)
  const ends = deviceEnds(state)
  const badly = compensated && state.outcome !== 'unknown'
  return SWITCHES.flatMap((device) => {
    const stands = standing({ deeds }, device)
    const end = ends[device] ?? 'untouched'
    return [
      isHonest(end, stands) ? [] : `${device} is said to be ${end} and is ${stands}`,
      state.outcome === 'succeeded' && end === 'unknown' ? `succeeded with ${device} unknown` : [],
      kept.has(device) && stands !== 'confirmed' ? `${device} had settled and is ${stands}` : [],
      badly && !kept.has(device) && stands !== 'base' ? `${state.outcome}, and ${device} is ${stands}` : [],
    ].flat()
  })
}

/** A record of several transitions is folded to what they are folded to one after the other. */
function brokenTransitions(events: readonly JournalEvent[]): readonly string[] {
  const own = events.filter(({ execution }) => execution !== undefined)
  const folded = (all: readonly JournalEvent[]): unknown =>
    JSON.parse(JSON.stringify({ ...foldAll(EXECUTION, all), records: 0 }))
  const isSame = isDeepStrictEqual(folded(own), folded(own.flatMap(transitionsOf)))
  return isSame ? [] : ['records of several transitions are folded to something else than the transitions are']
}

/**
 * In a compensation no switch of a wave is begun to be put back before those of the later waves. Switches that nothing on record has touched since the last
 * redrive are asked behind them, for the sake of a copy of the record: a silent one must not keep the others waiting.
 */
function brokenOrder(events: readonly JournalEvent[]): readonly string[] {
  const begun = events.findLastIndex(({ type }) => type === 'CompensationStarted' || type === 'ExecutionRedriven')
  const plan = events.find((event) => event.type === 'PlanMade')
  if (events[begun]?.type !== 'CompensationStarted' || plan === undefined) return []
  const since = events.findLastIndex(({ type }) => type === 'ExecutionRedriven') + 1
  const acts = events.slice(since, begun)
  const touched = new Set(acts.flatMap((event) => (event.type === 'ActIntended' ? [event.device] : [])))
  const undone = events
    .slice(begun)
    .flatMap((event) => (event.type === 'UndoStarted' && touched.has(event.device) ? [event.device] : []))
  const waves = [...new Set(undone)].map((device) => plan.waves.findIndex((wave) => wave.includes(device)))
  const wrong = waves.some((wave, index) => wave > (waves[index - 1] ?? wave))
  return wrong ? [`put back in the order of waves ${waves}`] : []
}

/** Nothing is called put back or changed that is not so. */
function isHonest(end: string, stands: ReturnType<typeof standing>): boolean {
  switch (end) {
    case 'changed':
      return stands === 'confirmed'
    case 'unknown':
      return true
    default:
      return stands === 'base'
  }
}

function undoFailures(events: readonly JournalEvent[]): number {
  return events.filter(({ type, ...event }) => type === 'TaskUndoFinished' && 'error' in event).length
}

/** What a run came to: what must be the same for whoever resumes it, and from wherever. */
export function comesTo({ state, deeds }: Ran): object {
  const undone = new Set(deeds.filter(({ deed }) => deed === 'undone').map(({ of }) => of))
  return {
    status: state.status,
    outcome: state.outcome,
    output: state.output ?? null,
    error: state.compensation?.error.name ?? state.compensation?.error.kind ?? null,
    stays: deeds.flatMap(({ deed, of }) => (deed === 'done' && !undone.has(of) ? [of] : [])).toSorted(),
    switches: SWITCHES.map((device) => standing({ deeds }, device)),
  }
}
