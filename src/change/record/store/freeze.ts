import { EosflowError } from '../../../model/error.ts'
import type { EventBody, EventOf, JournalEvent } from '../event/event.ts'

export type FreezeRecord = EventOf<'FreezeSet'>

export type Beginning = 'execution' | 'commit'

/** What events that are written together begin, as far as a freeze refuses it (docs/adr/0059-a-freeze.md); undefined where they begin nothing. */
export function beginningIn(events: readonly EventBody[]): Beginning | undefined {
  if (events.some(isBrokenGlass)) return undefined
  if (events.some(beginsExecution)) return 'execution'
  return events.some(isTimedCommit) ? 'commit' : undefined
}

/** Whether an execution is under way, by its records: it has announced a timed commit since it was started or redriven last, or the glass was broken for it. */
export function isUnderWay(records: readonly EventBody[]): boolean {
  const begun = records.findLastIndex(beginsExecution)
  return records.some(isBrokenGlass) || records.slice(begun + 1).some(isTimedCommit)
}

/** The freezes of some records that are in force at a time, ISO 8601 in UTC, in order: those that nobody has ended and whose time is not over. */
export function freezesAmong(records: readonly JournalEvent[], at: string): readonly FreezeRecord[] {
  const ended = new Set(records.flatMap((record) => (record.type === 'FreezeEnded' ? [record.freeze] : [])))
  return records.filter(
    (record): record is FreezeRecord => record.type === 'FreezeSet' && record.until > at && !ended.has(record.seq),
  )
}

/** `underWay` is asked only then. Throws `window-closed`. */
export function requireNotFrozen(
  events: readonly EventBody[],
  freezes: () => readonly FreezeRecord[],
  underWay: () => boolean,
): void {
  const beginning = beginningIn(events)
  if (beginning === undefined) return
  const [freeze] = freezes()
  if (freeze === undefined || (beginning === 'commit' && underWay())) return
  throw frozen(freeze)
}

export function freezeWords({ seq, until, actor, reason }: FreezeRecord): string {
  return `nothing new begins until ${until}: freeze ${seq}, set by ${actor}: ${reason}`
}

function frozen(freeze: FreezeRecord) {
  return new EosflowError('window-closed', freezeWords(freeze), {
    hint: `Run it again then. To end the freeze now: eosflow unfreeze ${freeze.seq} --reason TEXT`,
  })
}

function isBrokenGlass({ type }: EventBody) {
  return type === 'BreakGlassUsed'
}

function beginsExecution(event: EventBody) {
  return event.type === 'ExecutionRedriven' || (event.type === 'ExecutionStarted' && event.purpose === 'run')
}

function isTimedCommit(event: EventBody) {
  return event.type === 'ActIntended' && event.act === 'arm'
}
