import type { Scenario, Typed } from './colleague-draw.ts'

/** What a switch showed to somebody who is not eosflow. */
export interface Shown {
  readonly running: string
  readonly startup: string
}

/** One change as it was lived through, seen from outside of eosflow. */
export interface Lived {
  readonly scenario: Scenario
  /** A text that only the change brings. */
  readonly change: string
  readonly code: number | null
  /** Everything that the commands printed. */
  readonly text: string
  /** The end of each switch by the record. */
  readonly ends: Readonly<Record<string, string>>
  /** When the first confirm was announced on the record, milliseconds since the epoch. */
  readonly confirmedAt: number | undefined
  /** What was typed while the change ran. */
  readonly typed: readonly Typed[]
  /** The switches on which the colleague has saved. */
  readonly saved: readonly string[]
  /** When new logins ended, milliseconds since the epoch. */
  readonly lockedOutAt: number | undefined
  readonly after: Readonly<Record<string, Shown>>
  /** How many timed commits have taken effect on each switch. */
  readonly timed: Readonly<Record<string, number>>
  /** What is left on the switches: a timer, an open session of ours. */
  readonly left: readonly string[]
}

/** So long a confirm may have been under way already when logins end, in milliseconds: one look of all switches. */
const UNDER_WAY = 1_500

/** Everything that is wrong with an end, a sentence each. */
export function judgeLived(lived: Lived): readonly string[] {
  return [...linesLost(lived), ...endsUntrue(lived), ...startupUntrue(lived), ...lockedOut(lived), ...leftOver(lived)]
}

/** Lines of the colleague that are gone and that nobody has named; without the lock the report may name the window instead. */
function linesLost({ scenario, typed, after, text }: Lived): readonly string[] {
  const all = scenario.unsaved === undefined ? typed : [...typed, scenario.unsaved]
  return all
    .filter(({ device, marker }) => !(after[device]?.running.includes(marker) ?? false) && !text.includes(marker))
    .filter(({ device }) => scenario.measures === 'on' || !windowIsNamed(text, device))
    .map(({ device, marker }) => `${device}: ${marker} is gone, and nothing names it`)
}

const windowIsNamed = (text: string, device: string): boolean =>
  new RegExp(`^${device} +\\S [a-z ]+ (?:\\d+/\\d+|-) +no `, 'm').test(text)

/** The exit code and the ends on record against what the switches hold. */
function endsUntrue(lived: Lived): readonly string[] {
  return Object.entries(lived.after).flatMap(([device, shown]) => {
    const holds = [shown.running, shown.startup].map((text) => text.includes(lived.change))
    const where = `the change is in running-config: ${holds[0]}, in startup-config: ${holds[1]}`
    const codes = untrue(END_OF_CODE[String(lived.code)] ?? 'back', holds).map(() => `exit ${lived.code}`)
    const end = lived.ends[device] ?? 'none'
    const records = untrue(END_OF_RECORD[end] ?? 'unknown', holds).map(() => `on record as ${end}`)
    const wrong = [...codes, ...records].map((said) => `${device}: ${said}, and ${where}`)
    if (end !== 'untouched' || (lived.timed[device] ?? 0) === 0) return wrong
    return [...wrong, `${device}: on record as untouched, and a timed commit took effect`]
  })
}

/** What an exit code says of every switch; any other code says that all are back. */
const END_OF_CODE: Readonly<Record<string, 'there' | 'back' | 'unknown'>> = { 0: 'there', 7: 'unknown' }

/** What the record says of one. */
const END_OF_RECORD: Readonly<Record<string, 'there' | 'back' | 'unknown'>> = {
  changed: 'there',
  reverted: 'back',
  untouched: 'back',
  unchanged: 'back',
}

/** Once when a word is not true of a switch whose configurations hold the change, or do not. */
function untrue(said: 'there' | 'back' | 'unknown', holds: readonly boolean[]): readonly string[] {
  return said === 'unknown' || holds.every((one) => one === (said === 'there')) ? [] : [said]
}

/** A startup-config that is not what the end says, or that holds what a person had not saved. */
function startupUntrue({ scenario: { unsaved }, code, change, after, saved, text }: Lived): readonly string[] {
  const kept = Object.entries(after).flatMap(([device, { running, startup }]) => {
    const isTold = new RegExp(`${device}.*startup-config`).test(text)
    return code === 7 && startup.includes(change) && !running.includes(change) && !isTold
      ? [`${device}: startup-config holds the change, and nothing says so`]
      : []
  })
  if (unsaved === undefined || code === 0 || code === 7 || saved.includes(unsaved.device)) return kept
  const isSaved = after[unsaved.device]?.startup.includes(unsaved.marker) ?? false
  return isSaved ? [...kept, `${unsaved.device}: ${unsaved.marker} was saved, which nobody had saved`] : kept
}

/** A change that was confirmed although nobody could log in any more. */
function lockedOut({ lockedOutAt, confirmedAt }: Lived): readonly string[] {
  if (lockedOutAt === undefined || confirmedAt === undefined || confirmedAt < lockedOutAt + UNDER_WAY) return []
  return [`confirmed ${confirmedAt - lockedOutAt} ms behind the last login that was possible`]
}

function leftOver({ code, left }: Lived): readonly string[] {
  return code === 7 ? [] : left.map((what) => `left behind exit ${code}: ${what}`)
}
