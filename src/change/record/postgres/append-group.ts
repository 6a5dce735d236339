import { definedMembers, unlessEmpty } from '../../../model/json.ts'
import {
  type AppendAnswer,
  type AppendRequest,
  type HeadRow,
  leadsOn,
  needsWhole,
  rowOf,
} from '../chains/append-request.ts'
import type { LastSeen, NewRow, PreparedAppend } from '../chains/prepare.ts'
import { executionText, registerText } from '../chains/seal.ts'
import { positionIn } from '../event/cursor.ts'
import type { JournalEvent } from '../event/event.ts'
import { usesIn } from '../event/event-uses.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import { beginningIn } from '../store/freeze.ts'
import { takesOver } from '../store/lease.ts'

/** How a group of appends is sent: the values are those of {@link AppendGroup}. */
export const APPEND_CALL = `SELECT append_group(${Array.from({ length: 24 }, (_, index) => `$${index + 1}`).join(', ')}) AS given`

export type GroupAnswer =
  | { readonly is: 'dead' }
  | { readonly is: 'rekeyed'; readonly key: string }
  | {
      readonly is: 'done'
      readonly placed: Readonly<Record<string, readonly number[]>>
      readonly answers: readonly AppendAnswer[]
    }

export type SentAppend = ReturnType<typeof sentOf>

/** A request as `append` in the database takes it. */
export type SentRequest = SentAppend['sent']

const yes = (is: boolean): true | undefined => (is ? true : undefined)

/** Not sealed yet; `register` is what its rows follow there. */
export function sentOf(
  request: AppendRequest,
  prepared: PreparedAppend,
  known: LastSeen & { readonly register: Pick<HeadRow, 'n'> },
  register: HeadRow,
  isReplicated: boolean,
) {
  const { execution, events, after } = request
  const { base, rows, head, registerRows } = prepared
  const present = execution === undefined ? undefined : known.executions.get(execution)
  const isAny = (...types: readonly JournalEvent['type'][]) => yes(events.some(({ type }) => types.includes(type)))
  const uses = events.flatMap(usesIn).map(({ key }) => key)
  const leases = [...prepared.leases].map(([device, lease]) => {
    const was = known.leases.get(device)
    return { now: rowOf(lease), ...definedMembers({ was: was && rowOf(was) }) }
  })
  const isNew = execution !== undefined && present === undefined
  const wakes = events.flatMap((event) =>
    event.type === 'StopRequested' ? [event.stopped] : event.type === 'SuspendRequested' ? [event.suspended] : [],
  )
  const answers = events.flatMap((event) => (event.type === 'SignalSent' ? [event.token] : []))
  const sent = definedMembers({
    execution,
    base,
    rows: unlessEmpty(rows),
    head: head && { ...head, seal: '' },
    token: present?.token,
    take: yes(present !== undefined && events.some(takesOver)),
    rests: head?.isOpen === false ? isAny('ExecutionEnded') : undefined,
    newest: execution === undefined || typeof after === 'object' ? undefined : after,
    tokens: unlessEmpty(events.flatMap((event) => (event.type === 'TaskSubmitted' ? [event.token] : []))),
    freezes: beginningIn(events) === undefined ? undefined : known.freezes.version,
    replicated: yes(isReplicated && events.some(leadsOn)),
    wakes: unlessEmpty(wakes),
    answers: unlessEmpty(answers),
    clock: isAny('ClockAccepted'),
    freezing: isAny('FreezeSet', 'FreezeEnded'),
    conditions: unlessEmpty(conditionsOf(request, known.register)),
    leases: unlessEmpty(leases),
    uses: unlessEmpty(uses),
    register: unlessEmpty(registerRows) && { base: register, rows: registerRows, head: prepared.register },
    risky: yes(uses.length > 0 || isNew || leases.some(({ was }) => was === undefined)),
  })
  return { ...prepared, sent }
}

/** The same, sealed by the key that the store is under now. */
export function sealedNow(
  { sent, ...prepared }: SentAppend,
  { origin, keys }: { readonly origin: string; readonly keys: StoreKeys },
): SentAppend {
  const { execution = '', head, register } = sent
  const sealed = definedMembers({
    head: head && { ...head, seal: keys.seal(executionText(origin, execution, head)) },
    register: register && {
      ...register,
      head: { ...register.head, seal: keys.seal(registerText(origin, register.head)) },
    },
  })
  return { ...prepared, sent: { ...sent, ...sealed } }
}

function conditionsOf({ after, events }: AppendRequest, { n }: Pick<HeadRow, 'n'>): readonly object[] {
  const conditions = typeof after === 'object' ? after : []
  return [
    ...(needsWhole(events) ? [{ whole: n }] : []),
    ...conditions.map((condition) => {
      if ('policy' in condition) return condition
      const { of, newest, unaskedSince } = condition
      return { of, newest, ...(unaskedSince === undefined ? {} : { since: positionIn(unaskedSince) }) }
    }),
  ]
}

export interface GroupedAppend {
  readonly prepared: SentAppend
  readonly leave: boolean
  /** What was sent before, of which nobody knows whether it was written. */
  readonly doubted: SentAppend | undefined
}

const PLAIN: ReadonlySet<string> = new Set(['execution', 'base', 'head', 'rows', 'token', 'newest'])

type PlainSent = Required<Pick<SentRequest, 'execution' | 'token' | 'base' | 'head' | 'rows'>> &
  Pick<SentRequest, 'newest'>

/** Puts a group of appends, one of each execution at most, into one statement. `key` is the check of the install key that they are sealed by. */
export function inGroup(key: string, me: string, group: readonly GroupedAppend[]) {
  const isPlain = plainAmong(group)
  const plain = group.flatMap(({ prepared: { sent } }, index) => (isPlain[index] ? [sent as PlainSent] : []))
  const others = group
    .filter((_, index) => !isPlain[index])
    .map(({ prepared: { sent }, leave }) => (leave ? { ...sent, leave } : sent))
  return {
    values: [key, me, ...plainValues(plain), ...otherValues(others)] as readonly unknown[],
    // The answer to each request, in their order: `alone` for a plain one of which something does not hold.
    answersIn: ({
      placed,
      answers,
    }: GroupAnswer & { readonly is: 'done' }): readonly (AppendAnswer | 'alone' | undefined)[] => {
      const left = [...answers]
      return group.map(({ prepared: { sent } }, index) => {
        if (!isPlain[index]) return left.shift()
        const places = placed[sent.execution ?? '']
        return places === undefined ? 'alone' : { is: 'written', places, register: [], token: sent.token ?? null }
      })
    },
  }
}

// Behind one that names another execution none is, so that they are written in the order of the calls.
function plainAmong(group: readonly GroupedAppend[]) {
  let isFree = true
  return group.map(({ prepared: { sent }, leave, doubted }) => {
    if (sent.execution === undefined || sent.conditions !== undefined) isFree = false
    const isPlain = sent.token !== undefined && Object.keys(sent).every((key) => PLAIN.has(key))
    return isFree && !leave && doubted === undefined && isPlain
  })
}

// What of each plain request is a value, and what of each of its rows, in the order of the call.
const OF_PLAIN: readonly ((plain: PlainSent) => unknown)[] = [
  ({ execution }) => execution,
  ({ token }) => token,
  ({ base }) => base.n,
  ({ base }) => bytes(base.hash),
  ({ newest }) => newest ?? null,
  ({ head }) => head.n,
  ({ head }) => bytes(head.hash),
  ({ head }) => bytes(head.seal),
  ({ head }) => head.isOpen,
  ({ head }) => head.hasActed,
]
const OF_ROW: readonly ((row: NewRow & { readonly owner: number }) => unknown)[] = [
  ({ owner }) => owner,
  ({ n }) => n,
  ({ covers }) => `{${covers.join(',')}}`,
  ({ prev }) => bytes(prev),
  ({ hash }) => bytes(hash),
  ({ body }) => body,
]

function plainValues(plain: readonly PlainSent[]): readonly unknown[] {
  const rows = plain.flatMap(({ rows: own }, index) => own.map((row) => ({ ...row, owner: index + 1 })))
  return [...OF_PLAIN.map((of) => plain.map(of)), ...OF_ROW.map((of) => rows.map(of))]
}

function bytes(hex: string) {
  return `\\x${hex}`
}

function otherValues(requests: readonly SentRequest[]): readonly unknown[] {
  const all = <T>(of: (request: SentRequest) => readonly T[] | undefined) =>
    requests.flatMap((request) => of(request) ?? [])
  const conditions = all((request) => request.conditions as readonly { of?: string; policy?: number }[] | undefined)
  const devices = all(({ leases }) => leases?.map(({ now }) => now.device))
  const locks = [
    ...all(({ execution }) => (execution === undefined ? [] : [execution])),
    ...conditions.flatMap(({ of = [] }) => of),
    ...all(({ wakes }) => wakes),
  ]
  const isAny = (member: keyof SentRequest) => requests.some((request) => request[member] !== undefined)
  const freezing = isAny('freezing') ? 'write' : isAny('freezes') ? 'read' : 'none'
  // Which policy is in force is said in the register: nobody says another one meanwhile.
  const isRegistering = isAny('register') || conditions.some((one) => 'policy' in one)
  return [locks, all(({ answers }) => answers), devices, freezing, isRegistering, JSON.stringify(requests)]
}
