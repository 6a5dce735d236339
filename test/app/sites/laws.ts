import type { ExecutionState } from '../../../src/engine/state.ts'
import type { JournalEvent } from '../../../src/journal/event.ts'
import type { TeamInMemory } from './team-in-memory.ts'

/**
 * What must be so of every change over two sites, whatever happened to it; a sentence for each that is broken. Judged by the records and by the
 * switches themselves.
 */
export async function brokenLaws(team: TeamInMemory, id: string): Promise<readonly string[]> {
  const [whole, records] = [await team.state(id), await team.records(id)]
  const early = Object.entries(await team.parts(id)).map(async ([site, { id: part }]) =>
    [...beforeRelease(await team.records(part), records), ...leftBehindRelease(await team.records(part), records)].map(
      (what) => `${site}: ${what}`,
    ),
  )
  return [
    ...team.strayed.map((one) => `sent to a switch of another site: ${one}`),
    ...(await Promise.all(early)).flat(),
    ...untrueEnds(records.at(-1), team.truth()),
    ...untrueOutcome(whole, Object.values(team.truth())),
  ]
}

const BARRIER_OF: Readonly<Record<string, string>> = { arm: 'push', confirm: 'confirm', save: 'save' }

/** The acts of a part that were announced before the whole had released what they are behind. Records have one numbering here. */
function beforeRelease(part: readonly JournalEvent[], whole: readonly JournalEvent[]): readonly string[] {
  // A switch that is put back is saved too, where its startup-config holds what is taken back.
  const back = part.find(({ type }) => type === 'UndoStarted')?.seq ?? Number.POSITIVE_INFINITY
  return part.flatMap((record) => {
    if (record.type !== 'ActIntended' || record.seq > back) return []
    const barrier = BARRIER_OF[record.act]
    if (barrier === undefined) return []
    return releaseOf(whole, barrier) < record.seq ? [] : [`${record.act} before its release`]
  })
}

/** The barriers that a part has left though all were let past them. */
function leftBehindRelease(part: readonly JournalEvent[], whole: readonly JournalEvent[]): readonly string[] {
  return part.flatMap((record) =>
    record.type === 'BarrierLeft' && releaseOf(whole, record.barrier) < record.seq
      ? [`left ${record.barrier} behind its release`]
      : [],
  )
}

function releaseOf(whole: readonly JournalEvent[], barrier: string): number {
  const released = whole.find(
    (one) => one.type === 'BarrierDecided' && one.barrier === barrier && one.decision === 'released',
  )
  return released?.seq ?? Number.POSITIVE_INFINITY
}

/** Where the whole says something else of a switch than the switch does. */
function untrueEnds(end: JournalEvent | undefined, truth: Readonly<Record<string, string>>): readonly string[] {
  if (end?.type !== 'ExecutionEnded') return ['the whole has not ended']
  return Object.entries(truth).flatMap(([name, where]) => {
    const said = end.devices[name]
    const isTrue = said === 'unknown' || where === (said === 'changed' ? 'AFTER' : 'BEFORE')
    return isTrue ? [] : [`${name} is called ${said}, and is ${where}`]
  })
}

/** All switches have the change where it succeeded; none has where it did not, unless the whole says that it does not know, by name. */
function untrueOutcome({ outcome }: ExecutionState, truth: readonly string[]): readonly string[] {
  const after = truth.filter((where) => where === 'AFTER').length
  if (outcome === 'unknown') return []
  const isTrue = outcome === 'succeeded' ? after === truth.length : after === 0
  return isTrue ? [] : [`it ended ${outcome}, and the switches are ${truth.join(', ')}`]
}
