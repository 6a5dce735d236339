import type { JournalEvent } from '../../change/record/event/event.ts'
import { FAULT_KINDS, type FaultKind, type Point } from './fault-kind.ts'

export type Cell =
  | { readonly try: 'fault'; readonly kind: FaultKind; readonly point: Point; readonly device: string }
  | {
      readonly try: 'crash'
      readonly record: number
      readonly words: string
      readonly resumed: 'at once' | 'after the commit timer'
    }

export interface Selection {
  /** Kinds of faults, `crash` among them; all that need not be asked for when empty. */
  readonly only: readonly string[]
  /** Every record and every switch, instead of some records and the first and the last switch. */
  readonly all: boolean
  readonly seed: number
}

// The kind of a kill behind a record.
const CRASH = 'crash'

/** What `only` may name. */
export const KINDS: readonly string[] = [...FAULT_KINDS.map(({ name }) => name), CRASH]

// So many records are tried of each way to resume unless all are.
const SOME = 8

/** `order` are the switches as they are changed. */
export function cellsOf(
  order: readonly string[],
  events: readonly JournalEvent[],
  { only, all, seed }: Selection,
): readonly Cell[] {
  const devices = all ? order : [...new Set([order[0], order.at(-1)].filter((name) => name !== undefined))]
  const kinds = FAULT_KINDS.filter(({ name, onlyAsked }) =>
    only.length === 0 ? onlyAsked === undefined : only.includes(name),
  )
  const faults = kinds.flatMap((kind) =>
    kind.points.flatMap((point) =>
      (kind.ofController && !all ? devices.slice(-1) : devices).map(
        (device): Cell => ({ try: 'fault', kind, point, device }),
      ),
    ),
  )
  if (only.length > 0 && !only.includes(CRASH)) return faults
  const records = events.map((event, index) => ({ record: index + 1, words: wordsOf(event) }))
  const armed = records.slice(...armedSpan(events))
  const some = <T>(from: readonly T[]) => (all ? from : everyNth(from, SOME, seed))
  return [
    ...faults,
    ...some(records.slice(0, -1)).map((one): Cell => ({ try: 'crash', ...one, resumed: 'at once' })),
    ...some(armed).map((one): Cell => ({ try: 'crash', ...one, resumed: 'after the commit timer' })),
  ]
}

function armedSpan(events: readonly JournalEvent[]): [from: number, to: number] {
  const isAct = (type: string, act: string) => (event: JournalEvent) =>
    event.type === type && 'act' in event && event.act === act
  const from = events.findIndex(isAct('ActIntended', 'arm'))
  return from === -1 ? [0, 0] : [from, events.findLastIndex(isAct('ActFinished', 'confirm')) + 1]
}

// Of a long list every nth, so that about so many are left; the seed says with which to begin.
function everyNth<T>(from: readonly T[], count: number, seed: number) {
  const step = Math.max(1, Math.ceil(from.length / count))
  return from.filter((_, index) => index % step === seed % step)
}

function wordsOf(event: JournalEvent) {
  const parts = [
    event.type,
    'act' in event ? event.act : undefined,
    'state' in event && event.state !== '' ? event.state : undefined,
    'device' in event ? event.device : undefined,
  ]
  return parts.filter((part) => part !== undefined).join(' ')
}
