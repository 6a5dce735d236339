import { definedMembers } from '../../../model/json.ts'
import {
  type AppendAnswer,
  type AppendRequest,
  type HeadRow,
  type LeaseRow,
  leadsOn,
  needsWhole,
  rowOf,
  wokenBy,
} from '../chains/append-request.ts'
import type { LastSeen, NewRow, PreparedAppend } from '../chains/prepare.ts'
import { executionText, registerText, type SealedHead } from '../chains/seal.ts'
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

/** A request as `append` in the database takes it. */
export interface SentRequest {
  readonly execution?: string
  readonly base?: Pick<HeadRow, 'n' | 'hash'>
  readonly rows?: readonly NewRow[]
  readonly head?: SealedHead & { readonly seal: string }
  readonly token?: number
  readonly take?: true
  readonly rests?: true
  readonly newest?: number
  readonly conditions?: readonly object[]
  readonly leases?: readonly { readonly was?: LeaseRow; readonly now: LeaseRow }[]
  readonly uses?: readonly string[]
  readonly register?: { readonly base: HeadRow; readonly rows: readonly NewRow[]; readonly head: HeadRow }
  readonly wakes?: readonly string[]
  readonly answers?: readonly string[]
  readonly clock?: true
  readonly freezing?: true
  readonly tokens?: readonly string[]
  readonly freezes?: number
  readonly replicated?: true
  readonly risky?: true
}

export interface SentAppend extends PreparedAppend {
  readonly sent: SentRequest
}

interface SentTerms {
  readonly origin: string
  readonly keys: StoreKeys
  readonly isReplicated: boolean
}

const some = <T>(items: readonly T[]) => (items.length === 0 ? undefined : items)
const yes = (is: boolean): true | undefined => (is ? true : undefined)

/** `register` is what its rows follow there. */
export function sentOf(
  request: AppendRequest,
  prepared: PreparedAppend,
  known: LastSeen & { readonly register: Pick<HeadRow, 'n'> },
  register: HeadRow,
  terms: SentTerms,
): SentAppend {
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
  const inside = {
    execution,
    base,
    rows,
    token: present?.token,
    take: yes(present !== undefined && events.some(takesOver)),
    rests: head?.isOpen === false ? isAny('ExecutionEnded') : undefined,
    newest: typeof after === 'number' ? after : undefined,
    tokens: some(events.flatMap((event) => (event.type === 'TaskSubmitted' ? [event.token] : []))),
    freezes: beginningIn(events) === undefined ? undefined : known.freezes.version,
    replicated: yes(terms.isReplicated && events.some(leadsOn)),
  }
  const { wakes, answers } = wokenBy(events)
  const outside = {
    wakes: some(wakes),
    answers: some(answers),
    clock: isAny('ClockAccepted'),
    freezing: isAny('FreezeSet', 'FreezeEnded'),
  }
  const sent: SentRequest = definedMembers({
    ...(execution === undefined ? outside : inside),
    head: head && { ...head, seal: '' },
    conditions: some(conditionsOf(request, known.register)),
    leases: some(leases),
    uses: some(uses),
    register: some(registerRows) && { base: register, rows: registerRows, head: prepared.register },
    risky: yes(uses.length > 0 || isNew || leases.some(({ was }) => was === undefined)),
  })
  return sealedNow({ ...prepared, sent }, terms)
}

/** The same, sealed by the key that the store is under now. */
export function sealedNow(
  { sent, ...prepared }: SentAppend,
  { origin, keys }: Omit<SentTerms, 'isReplicated'>,
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

export interface AppendGroup {
  readonly values: readonly unknown[]
  /** The answer to each request, in their order: `alone` for a plain one of which something does not hold. */
  answersIn(given: GroupAnswer & { readonly is: 'done' }): readonly (AppendAnswer | 'alone' | undefined)[]
}

const PLAIN: ReadonlySet<string> = new Set(['execution', 'base', 'head', 'rows', 'token', 'newest'])

type PlainSent = Required<Pick<SentRequest, 'execution' | 'token' | 'base' | 'head' | 'rows'>> &
  Pick<SentRequest, 'newest'>

/** Puts a group of appends, one of each execution at most, into one statement. `key` is the check of the install key that they are sealed by. */
export function inGroup(key: string, me: string, group: readonly GroupedAppend[]): AppendGroup {
  const isPlain = plainAmong(group)
  const plain = group.flatMap(({ prepared: { sent } }, index) => (isPlain[index] ? [sent as PlainSent] : []))
  const others = group
    .filter((_, index) => !isPlain[index])
    .map(({ prepared: { sent }, leave }) => (leave ? { ...sent, leave } : sent))
  return {
    values: [key, me, ...plainValues(plain), ...otherValues(others)],
    answersIn: ({ placed, answers }) => {
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

function plainValues(plain: readonly PlainSent[]): readonly unknown[] {
  const rows = plain.flatMap(({ rows: own }, index) => own.map((row) => ({ ...row, owner: index + 1 })))
  return [
    plain.map(({ execution }) => execution),
    plain.map(({ token }) => token),
    plain.map(({ base }) => base.n),
    plain.map(({ base }) => bytes(base.hash)),
    plain.map(({ newest }) => newest ?? null),
    plain.map(({ head }) => head.n),
    plain.map(({ head }) => bytes(head.hash)),
    plain.map(({ head }) => bytes(head.seal)),
    plain.map(({ head }) => head.isOpen),
    plain.map(({ head }) => head.hasActed),
    rows.map(({ owner }) => owner),
    rows.map(({ n }) => n),
    rows.map(({ covers }) => `{${covers.join(',')}}`),
    rows.map(({ prev }) => bytes(prev)),
    rows.map(({ hash }) => bytes(hash)),
    rows.map(({ body }) => body),
  ]
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
