import type { Json } from '../model/json.ts'
import { inOrder } from './area/define-area.ts'
import type { StateChange } from './state-change.ts'

/** What a change is of. */
export interface Thing {
  readonly subject: string
  readonly vrf?: string
  /** How a line about it begins: `interface Ethernet3`. */
  readonly label: string
}

/** What to say of an entry of a record that came, went or is another now. */
export interface Sayings<T> {
  thing(name: string): Thing
  /** What follows the label of one that came. */
  added(is: T): string
  /** What follows the label of one that went. */
  removed(was: T): string
  changed(thing: Thing, was: T, is: T): readonly StateChange[]
}

/** What became of each entry of a record, in the order of EOS. */
export function compareRecords<T extends Json>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  say: Sayings<T>,
): readonly StateChange[] {
  const names = Object.keys(inOrder(Object.entries({ ...before, ...after })))
  return names.flatMap((name) => {
    const was = Object.hasOwn(before, name) ? before[name] : undefined
    const is = Object.hasOwn(after, name) ? after[name] : undefined
    const thing = say.thing(name)
    if (was !== undefined && is !== undefined) return say.changed(thing, was, is)
    if (is !== undefined) return [{ ...place(thing), kind: 'added', is, text: `${thing.label}${say.added(is)}` }]
    return was === undefined
      ? []
      : [{ ...place(thing), kind: 'removed', was, text: `${thing.label}${say.removed(was)}` }]
  })
}

/** How an attribute is told: what follows the label, and how a value reads. */
export interface Telling<V> {
  readonly suffix?: string
  shown?(value: V): string
}

/** An attribute that is another now, as `label suffix: was -> is`; nothing where both are the same. An empty word is `none`. */
export function became<V extends Json>(
  thing: Thing,
  attribute: string,
  [was, is]: readonly [V, V],
  { suffix = '', shown = String }: Telling<V> = {},
): readonly StateChange[] {
  if (was === is) return []
  const text = `${thing.label}${suffix}: ${shown(was) || 'none'} -> ${shown(is) || 'none'}`
  return [{ ...place(thing), kind: 'changed', attribute, was, is, text }]
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

/** The part of a thing that its changes carry. */
export function place({ subject, vrf }: Thing): Pick<StateChange, 'subject' | 'vrf'> {
  return vrf === undefined ? { subject } : { subject, vrf }
}
