import type { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { definedItems, isJsonObject, type Json } from '../../../model/json.ts'
import { natural } from '../../../model/natural-order.ts'
import { once } from '../../../model/once.ts'
import type { Reply } from '../../device/device.ts'
import { type AskedCommand, withoutNulls } from '../answer/show.ts'
import type { CheckContext } from '../define/define-check.ts'
import { isWithin, type StateChange, type StateComparison, type Tolerances } from '../finding/compare.ts'
import { type StrangeMember, strangeMembers } from './strange-members.ts'

/** `show interfaces`: several areas read it, and it is asked once. */
export const SHOW_INTERFACES = { cmd: 'show interfaces', revision: 1 }

export type AreaReading<T> = { readonly ok: true; readonly state: T } | { readonly ok: false; readonly error: string }

export interface ReadableArea<T> extends StateArea {
  now(replies: readonly Reply[]): AreaReading<T>
  /** The state before the change, as the snapshot kept it; an error when it read none. */
  before(context: CheckContext): AreaReading<T>
}

export interface AreaDefinition<T extends Json> {
  readonly name: string
  readonly docs: string
  readonly asks: readonly AskedCommand[]
  /** The shape in which the state is kept; a thunk, so that an area that nobody reads costs nothing. */
  readonly state: () => z.ZodType<T>
  /** Throws {@link Unread} where an answer that it needs cannot be read. */
  readonly tell: (replies: readonly Reply[]) => T
  readonly describe: (before: T, after: T) => readonly StateChange[]
  readonly tolerances?: Tolerances
}

/** A state that cannot be read is kept as `{ unreadable: why }`, so that it equals only itself. */
export function defineArea<T extends Json>(definition: AreaDefinition<T>): ReadableArea<T> {
  const { name, docs, asks, tell, tolerances = {} } = definition
  const state = once(definition.state)
  const now = (replies: readonly Reply[]) => readingOf(() => tell(replies))
  // What was read of states that are compared again and again: a baseline with every round, a round with it at once.
  const known = new WeakMap<object, AreaReading<T>>()
  const kept = (of: Json | undefined): AreaReading<T> => {
    const held = typeof of === 'object' && of !== null ? known.get(of) : undefined
    if (held !== undefined) return held
    const reading = keptIn(state(), of)
    if (typeof of === 'object' && of !== null) known.set(of, reading)
    return reading
  }
  return Object.freeze({
    name,
    docs,
    commands: asks.map(({ command }) => command),
    read: (replies: readonly Reply[]): Json => {
      const reading = now(replies)
      if (!reading.ok) return { unreadable: reading.error }
      if (typeof reading.state === 'object' && reading.state !== null) known.set(reading.state, reading)
      return reading.state
    },
    now,
    before: ({ baseline }: CheckContext): AreaReading<T> => {
      const was = Object.hasOwn(baseline, name) ? baseline[name] : undefined
      if (was === undefined) return unread(`the snapshot did not read the state area \`${name}\` before the change`)
      if (isJsonObject(was) && typeof was.unreadable === 'string') {
        return unread(`before the change the state area \`${name}\` could not be read: ${was.unreadable}`)
      }
      const reading = kept(was)
      if (reading.ok) return reading
      return unread(`what the snapshot kept of the state area \`${name}\` is not of a known shape`)
    },
    tolerances,
    strangeMembers: (expected: Json) => strangeMembers(state(), expected),
    describe: (before: Json | undefined, after: Json | undefined, given: Tolerances = {}): StateComparison => {
      const [was, is] = [kept(before), kept(after)]
      if (was.ok && is.ok) {
        const tolerated = given['*'] === undefined ? { ...tolerances, ...given } : given
        return {
          comparable: true,
          changes: definition.describe(was.state, is.state).filter((change) => !isTolerated(change, tolerated)),
        }
      }
      const why = definedItems(!was.ok && `before: ${was.error}`, !is.ok && `after: ${is.error}`)
      return {
        comparable: false,
        fault: before === undefined || after === undefined ? 'missing' : 'unreadable',
        text: `${name} cannot be compared: ${why.join('; ')}`,
      }
    },
  })
}

function isTolerated({ attribute = '', was, is }: StateChange, tolerances: Tolerances) {
  if (typeof was !== 'number' || typeof is !== 'number') return false
  const tolerance = Object.hasOwn(tolerances, attribute) ? tolerances[attribute] : tolerances['*']
  return tolerance !== undefined && isWithin(tolerance, was, is)
}

function keptIn<T>(state: z.ZodType<T>, kept: Json | undefined): AreaReading<T> {
  if (kept === undefined) return unread('it was not read')
  if (isJsonObject(kept) && typeof kept.unreadable === 'string') return unread(kept.unreadable)
  const parsed = state.safeParse(kept)
  return parsed.success ? { ok: true, state: parsed.data } : unread('it is not of a known shape')
}

function unread(error: string): { readonly ok: false; readonly error: string } {
  return { ok: false, error }
}

/** An answer that an area needs cannot be read: the message says why. */
export class Unread extends Error {}

function readingOf<T>(read: () => T): AreaReading<T> {
  try {
    return { ok: true, state: read() }
  } catch (thrown) {
    if (thrown instanceof Unread) return unread(thrown.message)
    throw thrown
  }
}

/** What the first of them reads that can be read; why the first could not, if none can. */
export function firstRead<T>(...ways: readonly (() => T)[]): T {
  let first: string | undefined
  for (const way of ways) {
    const reading = readingOf(way)
    if (reading.ok) return reading.state
    first ??= reading.error
  }
  throw new Unread(first ?? '')
}

/** `isPlain`: what is of that shape as it is, and surely so. */
export function answerOf<M extends z.ZodType>(
  reply: Reply | undefined,
  { command, model }: AskedCommand<M>,
  isPlain?: (json: Json) => boolean,
): z.output<M> {
  const read = command.format === 'text' ? textIn(reply, command) : modelIn(reply, command, model, isPlain)
  if (!read.ok) throw new Unread(read.error)
  return read.state as z.output<M>
}

export function modelIn<T>(
  reply: Reply | undefined,
  { cmd }: Command,
  model: () => z.ZodType<T>,
  isPlain: (json: Json) => boolean = () => false,
): AreaReading<T> {
  if (reply === undefined) return unread(`\`${cmd}\` was not answered`)
  if (!reply.ok) return unread(`\`${cmd}\` was refused: ${reply.error}`)
  if (isPlain(reply.json)) return { ok: true, state: reply.json as unknown as T }
  const asIs = model().safeParse(reply.json)
  const parsed = asIs.success ? asIs : model().safeParse(withoutNulls(reply.json))
  if (parsed.success) return { ok: true, state: parsed.data }
  const [issue] = parsed.error.issues
  const said = errorsIn(reply.json)
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.map(String).join('.')}`
  return unread(said === '' ? `\`${cmd}\` answered in an unknown shape${where}` : `\`${cmd}\` says: ${said}`)
}

function textIn(reply: Reply | undefined, { cmd }: Command): AreaReading<string> {
  if (reply === undefined) return unread(`\`${cmd}\` was not answered`)
  if (!reply.ok) return unread(`\`${cmd}\` was refused: ${reply.error}`)
  const printed = isJsonObject(reply.json) ? reply.json.output : reply.json
  return typeof printed === 'string' ? { ok: true, state: printed } : unread(`\`${cmd}\` was not answered as text`)
}

/** Whether the switch says that its hardware has no such thing (docs/eos.md 1.4: code 1002). */
export function isUnsupported(reply: Reply | undefined): boolean {
  return reply?.ok === false && /not supported on this hardware platform/i.test(reply.error)
}

/** A record with its keys in the order of EOS: `Ethernet2` before `Ethernet10`. */
export function inOrder<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const all = [...entries]
  return Object.fromEntries(placesInOrder(all.map(([name]) => name)).map((place) => all[place] as readonly [string, T]))
}

/** What is told of each thing, by its name in that order; a thing of which nothing is told is left out. */
export function eachOf<V, T>(
  things: Readonly<Record<string, V>>,
  told: (thing: V, name: string) => T | undefined,
): Record<string, T> {
  const entries = Object.entries(things).map(([name, thing]) => [name, told(thing, name)] as const)
  return inOrder(entries.filter((entry): entry is readonly [string, T & {}] => entry[1] !== undefined))
}

/** The entries of every VRF in that order; a VRF without any is left out. */
export function byVrf<V, T>(
  vrfs: Readonly<Record<string, V>>,
  entriesOf: (vrf: V) => Iterable<readonly [string, T]>,
): Record<string, Record<string, T>> {
  return eachOf(vrfs, (one) => unlessEmpty(inOrder(entriesOf(one))))
}

/** Undefined where nothing is in it. */
export function unlessEmpty<T extends object>(record: T): T | undefined {
  return Object.keys(record).length === 0 ? undefined : record
}

function placesInOrder(names: readonly string[]) {
  const key = names.join('\n')
  const known = ORDERS.get(key)
  if (known !== undefined) return known
  const order = names.map((_, place) => place).sort((a, b) => natural(names[a] as string, names[b] as string))
  if (ORDERS.size >= KNOWN_ORDERS) ORDERS.clear()
  ORDERS.set(key, order)
  return order
}

const KNOWN_ORDERS = 100
const ORDERS = new Map<string, readonly number[]>()

// Some models carry their error inside a successful answer (`{"errors": ["Not supported"]}`, recorded from EOS 4.23).
function errorsIn(json: Json) {
  if (typeof json === 'string') return json.trim()
  const errors = isJsonObject(json) ? json.errors : undefined
  return Array.isArray(errors) ? errors.filter((one) => typeof one === 'string').join('; ') : ''
}

/** `read` drops counters, times and rates, and sorts, so that two readings of an unchanged network are equal. */
export interface StateArea {
  readonly name: string
  readonly docs: string
  readonly commands: readonly Command[]
  read(replies: readonly Reply[]): Json
  strangeMembers(expected: Json): readonly StrangeMember[]
  /** The tolerances that {@link describe} keeps where it is not given others: the area's own, by attribute. */
  readonly tolerances: Tolerances
  /**
   * What became of the state between two readings: every change beyond the tolerances, those given before the area's own.
   * A reading that is missing (undefined) or failed cannot be compared: that is an outcome of its own.
   */
  describe(before: Json | undefined, after: Json | undefined, tolerances?: Tolerances): StateComparison
}
