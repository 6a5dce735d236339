import type { JournalEvent } from '../../change/record/event/event.ts'
import type { StatesAround } from '../event-words/row.ts'
import { pageWords } from '../event-words/table.ts'
import type { Tone } from './execution-view.ts'

/** One thing that happened, in words; several switches that did the same at about the same time are one. */
export interface Happening {
  readonly words: string
  /** The records it is about, the first and the last. */
  readonly from: number
  readonly to: number
  /** When the first of them was written, milliseconds since the epoch. */
  readonly at: number
  readonly devices: readonly string[]
  readonly tone: Tone
}

/** What happened, the newest last. */
export interface HappeningList {
  readonly events: readonly Happening[]
  /** How many came before those that are kept. */
  readonly earlier: number
}

/** Nothing has happened yet. */
export const NOTHING_HAPPENED: HappeningList = { events: [], earlier: 0 }

/** So many are kept; the record has all of them. */
const KEPT = 200
/** Switches that do the same within so many milliseconds do it together. */
const TOGETHER = 5000
/** An entry is looked for among so many of the newest. */
const LOOKED_AT = 40

/** Folds one record into what happened. */
export function foldHappened(before: HappeningList, event: JournalEvent, states: StatesAround): HappeningList {
  const told = pageWords(event, states)
  if (told === undefined) return before
  const at = Date.parse(event.at)
  const devices = told.device === undefined ? [] : [told.device]
  const index =
    told.device === undefined ? -1 : sameBefore(before.events, { words: told.words, device: told.device, at })
  const same = before.events[index]
  if (same !== undefined) {
    const merged = { ...same, to: event.seq, devices: [...same.devices, ...devices] }
    const events = [...before.events.slice(0, index), merged, ...before.events.slice(index + 1)]
    return { ...before, events }
  }
  const { words, tone } = told
  const events = [...before.events, { from: event.seq, to: event.seq, at, devices, words, tone }]
  const over = events.length - KEPT
  return over <= 0 ? { ...before, events } : { events: events.slice(over), earlier: before.earlier + over }
}

/** Where other switches did the same; -1 where the switch itself has done something since. */
function sameBefore(
  events: readonly Happening[],
  { words, device, at }: { readonly words: string; readonly device: string; readonly at: number },
): number {
  for (let index = events.length - 1; index >= Math.max(0, events.length - LOOKED_AT); index--) {
    const one = events[index]
    if (one === undefined || at - one.at > TOGETHER || one.devices.includes(device)) return -1
    if (one.devices.length === 0) return -1
    if (one.words === words) return index
  }
  return -1
}
