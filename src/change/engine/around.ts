import { isSilence, secretCalled } from '../../model/around.ts'
import { definedMembers } from '../../model/defined-members.ts'
import type { JournalEvent } from '../record/event/event.ts'
import type { Outcome } from '../record/event/outcome.ts'
import type { Effect } from './effect.ts'
import type { AroundEntry, AroundRecord, AroundState, ExecutionState, LeftAround } from './state.ts'

/** What is left to do around a change whose outcome is settled: that is put on record first, so that nothing takes the change back any more, then other services hear of it. */
export function aroundEffects({ around }: Pick<ExecutionState, 'around'>, outcome: Outcome): readonly Effect[] {
  if (around === undefined) return []
  const { phase, names } = around
  if (phase === 'begins') return [{ effect: 'record', event: { type: 'AroundTurned', phase: 'ends', names, outcome } }]
  return names.every((_, entry) => isOver(around, entry)) ? [] : [{ effect: 'around', key: AROUND_KEY }]
}

/** The key of the work that ends what was begun around a change. */
export const AROUND_KEY = 'around'

export function isOver({ entries }: AroundState, entry: number): boolean {
  const end = entries[entry]?.end
  return end !== undefined && end !== 'intended'
}

export function leftAround(record: AroundRecord): readonly LeftAround[] {
  const { names = [], entries = {} } = record.around ?? {}
  const left = names.flatMap((name, entry): readonly LeftAround[] => {
    const { begin, end, id, said } = entries[entry] ?? {}
    // Of what begins an annotation keeps nobody from being woken, and nobody out.
    if (begin === undefined || end === 'done' || !(isSilence(name) || secretCalled(name) !== undefined)) return []
    return [{ name, ...definedMembers({ id }), reason: said ?? 'nobody has done it' }]
  })
  return [...leftBefore(record), ...left]
}

/**
 * The secrets of which Vault and the switches may differ behind an execution that has ended, by their names on record. One that was left over before a redrive
 * and is settled since is none.
 */
export function secretsLeft(record: AroundRecord): readonly string[] {
  return leftAround(record).flatMap(({ name }) => (secretCalled(name) === undefined ? [] : [name]))
}

/** What was left over before a redrive and still is: a secret that this one has settled is not. */
export function leftBefore({ around, leftAround: before = [] }: AroundRecord): readonly LeftAround[] {
  const { names = [], entries = {} } = around ?? {}
  const isSettled = ({ name }: LeftAround) =>
    secretCalled(name) !== undefined && names.some((one, entry) => one === name && entries[entry]?.end === 'done')
  return before.filter((one) => !isSettled(one))
}

export function foldAround(
  before: AroundState | undefined,
  event: Extract<JournalEvent, { type: 'AroundTurned' | 'AroundActed' }>,
): AroundState | undefined {
  if (event.type === 'AroundTurned') {
    const { phase, names, outcome } = event
    return { phase, names, entries: before?.entries ?? {}, ...definedMembers({ outcome }) }
  }
  const { entry, act, result, id, said } = event
  if (before === undefined || act === 'ask') return before
  const known = before.entries[entry] ?? {}
  const now: AroundEntry = {
    ...known,
    [act]: result,
    ...definedMembers({ id }),
    ...(said === undefined ? {} : { [act === 'begin' ? 'beginSaid' : 'said']: said }),
  }
  return { ...before, entries: { ...before.entries, [entry]: now } }
}
