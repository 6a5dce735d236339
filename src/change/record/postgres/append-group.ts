import type { AppendAnswer } from '../chains/append-basis.ts'
import type { SentAppend, SentRow } from '../chains/prepare.ts'

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

interface PlainSent {
  readonly execution: string
  readonly token: number
  readonly base: NonNullable<SentAppend['sent']['base']>
  readonly head: NonNullable<SentAppend['sent']['head']>
  readonly rows: readonly SentRow[]
  readonly newest?: number
}

/** Puts a group of appends, one of each execution at most, into one statement. `key` is the check of the install key that they are sealed by. */
export function inGroup(key: string, me: string, group: readonly GroupedAppend[]): AppendGroup {
  const isPlain = plainAmong(group)
  const plain = group.flatMap(({ prepared: { sent } }, index) => (isPlain[index] ? [sent as unknown as PlainSent] : []))
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
        return places === undefined ? 'alone' : { is: 'written', places, register: [], token: Number(sent.token) }
      })
    },
  }
}

// Behind one that names another execution none is, so that they are written in the order of the calls.
function plainAmong(group: readonly GroupedAppend[]) {
  let isFree = true
  return group.map(({ prepared: { sent }, leave, doubted }) => {
    if (sent.execution === undefined || 'conditions' in sent) isFree = false
    return (
      isFree && !leave && doubted === undefined && 'token' in sent && Object.keys(sent).every((key) => PLAIN.has(key))
    )
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

function otherValues(requests: readonly SentAppend['sent'][]): readonly unknown[] {
  const all = (member: string) => requests.flatMap((request) => (request[member] ?? []) as readonly string[])
  const executions = requests.flatMap(({ execution }) => (execution === undefined ? [] : [execution]))
  const conditions = requests.flatMap(
    (request) => (request as { conditions?: readonly { of?: string; policy?: number }[] }).conditions ?? [],
  )
  const devices = requests.flatMap(({ leases = [] }) => leases.map(({ now }) => now.device))
  const locks = [...executions, ...conditions.flatMap(({ of = [] }) => of), ...all('wakes')]
  const freezing = requests.some((request) => 'freezing' in request)
    ? 'write'
    : requests.some((request) => 'freezes' in request)
      ? 'read'
      : 'none'
  // Which policy is in force is said in the register: nobody says another one meanwhile.
  const isRegistering =
    requests.some(({ register }) => register !== undefined) || conditions.some((one) => 'policy' in one)
  return [locks, all('answers'), devices, freezing, isRegistering, JSON.stringify(requests)]
}
