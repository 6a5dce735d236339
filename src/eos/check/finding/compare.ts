import { type Json, ownMember } from '../../../model/json.ts'
import { natural } from '../../../model/natural-order.ts'

// How far a quantity may move and still count as the same: so many percent of what it was, or so much in its own unit.
interface Tolerance {
  readonly percent?: number
  readonly by?: number
}

/** Tolerances by the attribute they are of: `{ routes: { percent: 2 }, rx: { by: 1 } }`. */
export type Tolerances = Readonly<Record<string, Tolerance>>

// What binary fractions make of decimal ones: 2.2 - 1.2 is a little more than 1.
const ROUNDING = 1e-9

export function isWithin({ percent = 0, by = 0 }: Tolerance, was: number, is: number): boolean {
  const allowed = Math.max((Math.abs(was) * percent) / 100, by)
  return Math.abs(is - was) <= allowed * (1 + ROUNDING)
}

export interface StateChange {
  /** What it is of, as an expectation names it: `120`, `Ethernet3`, `10.0.0.1`. */
  readonly subject: string
  readonly vrf?: string
  readonly kind: 'added' | 'removed' | 'changed'
  /** What of the subject is another now, by its name in the state: `link`, `peerLink`; absent where the subject came or went. */
  readonly attribute?: string
  readonly was?: Json
  readonly is?: Json
  /** One line in the network's words: `BGP 10.0.0.1 in default: Established -> Idle`. */
  readonly text: string
}

/** The changes between two readings, or why they cannot be compared: that is never "no change". */
export type StateComparison =
  | { readonly comparable: true; readonly changes: readonly StateChange[] }
  | {
      readonly comparable: false
      /** `missing`: a side was never read. `unreadable`: a switch did not tell it, or what was kept is of no known shape. */
      readonly fault: 'missing' | 'unreadable'
      readonly text: string
    }

export interface Thing {
  readonly subject: string
  readonly vrf?: string
  readonly label: string
}

export interface Sayings<T> {
  thing(name: string): Thing
  /** What follows the label of one that came; absent where that is no change of this area. */
  added?(is: T): string
  /** What follows the label of one that went; absent where that is no change of this area. */
  removed?(was: T): string
  changed(thing: Thing, was: T, is: T): readonly StateChange[]
}

/** What became of each entry of a record, in the order of EOS. */
export function compareRecords<T extends Json>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  say: Sayings<T>,
): readonly StateChange[] {
  const changed = Object.keys({ ...before, ...after }).flatMap((name) => {
    const changes = compareEntry(say, name, ownMember(before, name), ownMember(after, name))
    return changes.length === 0 ? [] : [{ name, changes }]
  })
  return changed.sort((a, b) => natural(a.name, b.name)).flatMap(({ changes }) => changes)
}

export function compareVrfs<T extends Json>(
  before: Readonly<Record<string, Readonly<Record<string, T>>>>,
  after: Readonly<Record<string, Readonly<Record<string, T>>>>,
  say: (vrf: string) => Sayings<T>,
): readonly StateChange[] {
  return namesIn(before, after).flatMap((vrf) =>
    compareRecords(ownMember(before, vrf) ?? {}, ownMember(after, vrf) ?? {}, say(vrf)),
  )
}

/** What is said of a word by name: it came, it went, or it is another one. */
export function wordSayings(thing: Sayings<string>['thing'], attribute: string): Sayings<string> {
  return {
    thing,
    added: (is) => ` added: ${is}`,
    removed: (was) => ` removed: was ${was}`,
    changed: (one, was, is) => became(one, attribute, [was, is]),
  }
}

/** How many there are of each name. */
export function countsOf(names: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

/** What became of quantities by name; one that a side does not have is 0 there. */
export function compareQuantities(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  say: (name: string) => { readonly thing: Thing; readonly attribute: string } & AttributeWording<number>,
): readonly StateChange[] {
  return namesIn(before, after).flatMap((name) => {
    const { thing, attribute, ...telling } = say(name)
    return became(thing, attribute, [ownMember(before, name) ?? 0, ownMember(after, name) ?? 0], telling)
  })
}

/** The names of either record, in the order of EOS. */
export function namesIn(...records: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))].sort(natural)
}

function compareEntry<T extends Json>(
  say: Sayings<T>,
  name: string,
  was: T | undefined,
  is: T | undefined,
): readonly StateChange[] {
  if (was === is) return []
  const thing = say.thing(name)
  if (was !== undefined && is !== undefined) return say.changed(thing, was, is)
  const { label } = thing
  if (is !== undefined) {
    return say.added === undefined ? [] : [{ ...place(thing), kind: 'added', is, text: `${label}${say.added(is)}` }]
  }
  return was === undefined || say.removed === undefined
    ? []
    : [{ ...place(thing), kind: 'removed', was, text: `${label}${say.removed(was)}` }]
}

interface AttributeWording<V> {
  readonly suffix?: string
  shown?(value: V): string
}

/** An attribute that is another now, as `label suffix: was -> is`; nothing where both are the same. An empty word is `none`. */
export function became<V extends Json>(
  thing: Thing,
  attribute: string,
  [was, is]: readonly [V, V],
  { suffix = '', shown = String }: AttributeWording<V> = {},
): readonly StateChange[] {
  if (was === is) return []
  const text = `${thing.label}${suffix}: ${shown(was) || 'none'} -> ${shown(is) || 'none'}`
  return [{ ...place(thing), kind: 'changed', attribute, was, is, text }]
}

/** The attributes of a thing that are others now, each with the suffix that it is told by. */
export function becameEach<T extends { readonly [K in keyof T]: Json }>(
  thing: Thing,
  [was, is]: readonly [T, T],
  suffixes: { readonly [K in keyof T]?: string | AttributeWording<T[K]> },
): readonly StateChange[] {
  return (Object.keys(suffixes) as (keyof T & string)[]).flatMap((attribute) => {
    const said = suffixes[attribute]
    const telling = typeof said === 'string' ? { suffix: said } : said
    return became<Json>(thing, attribute, [was[attribute], is[attribute]], telling as AttributeWording<Json>)
  })
}

/** Which names a list of a thing gained and lost, as `label: name added` and `label: name removed`. */
export function gainedAndLost(
  thing: Thing,
  attribute: string,
  [was, is]: readonly [readonly string[], readonly string[]],
): readonly StateChange[] {
  const { label } = thing
  const change = { ...place(thing), kind: 'changed', attribute } as const
  return [
    ...is
      .filter((name) => !was.includes(name))
      .map((name) => ({ ...change, is: name, text: `${label}: ${name} added` })),
    ...was
      .filter((name) => !is.includes(name))
      .map((name) => ({ ...change, was: name, text: `${label}: ${name} removed` })),
  ]
}

export function place({ subject, vrf }: Thing): Pick<StateChange, 'subject' | 'vrf'> {
  return vrf === undefined ? { subject } : { subject, vrf }
}
