import {
  type AppendAnswer,
  type AppendBasis,
  type AppendRequest,
  type ExecutionRow,
  type HeadRow,
  leaseIn,
} from '../chains/append-request.ts'
import { type LastSeen, leasedDevices, type TakenTokens } from '../chains/prepare.ts'
import { executionText, registerText } from '../chains/seal.ts'
import type { JournalEvent } from '../event/event.ts'
import { BrokenChainError } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import { beginningIn, freezesAmong, isUnderWay } from '../store/freeze.ts'
import { type Lease, takesOver } from '../store/lease.ts'
import type { SentAppend } from './append-group.ts'
import { askOver, type Session } from './database.ts'

export interface LastSeenStateParts {
  readonly session: Session
  readonly origin: string
  readonly keys: StoreKeys
  readonly read: (execution: string) => Promise<readonly JournalEvent[]>
  readonly freezes: () => Promise<readonly JournalEvent[]>
}

type Written = AppendAnswer & { readonly is: 'written' }

export type LastSeenState = ReturnType<typeof lastSeenState>

export function lastSeenState({ session, origin, keys, read, freezes: freezeRecords }: LastSeenStateParts) {
  const ask = askOver(session)
  const executions = new Map<string, ExecutionRow>()
  const leases = new Map<string, Lease>()
  const tokens = new Map<string, TakenTokens>()
  const written = new Map<string, number>()
  const whole = new Set<string>()
  const underWay = new Set<string>()
  let over: ReadonlySet<string> = new Set()
  let freezes: LastSeen['freezes'] = { version: -1, records: [] }
  let known: HeadRow | undefined

  const present = (): HeadRow => {
    if (known === undefined) throw new Error('the register was not loaded')
    return known
  }

  const load = async (requests: readonly AppendRequest[]): Promise<void> => {
    if (requests.some(({ events }) => events.some(({ type }) => type === 'StoreRestored'))) {
      const taken = await ask<{ device: string }>('SELECT device FROM lease')
      await stand(
        [undefined],
        taken.map(({ device }) => device),
      )
    }
    const unknown = requests.flatMap(({ execution, events }) => {
      // Whoever had a switch may have given it up since: nobody is refused it by what this process has heard before.
      const devices = events.flatMap(leasedDevices).filter((device) => {
        const lease = leases.get(device)
        return lease === undefined || lease.execution !== execution
      })
      const isKnown = execution === undefined || (whole.has(execution) && !events.some(takesOver))
      return isKnown && devices.length === 0 ? [] : [{ execution, devices }]
    })
    const devices = unknown.flatMap((one) => one.devices)
    const asked = new Set(unknown.map(({ execution }) => execution))
    if (asked.size > 0) await stand([...asked], devices)
    else if (known === undefined) await stand([undefined], [])
    await loadOver(requests)
    for (const request of requests) if (beginningIn(request.events) !== undefined) await loadFreezes(request)
  }

  const loadOver = async (requests: readonly AppendRequest[]) => {
    const inTheWay = requests.flatMap(({ execution, events, leaseAt }) =>
      events.flatMap(leasedDevices).flatMap((device) => {
        const { until = null, execution: holder } = leases.get(device) ?? {}
        return holder === undefined || holder === execution || until === null || until <= leaseAt ? [] : [holder]
      }),
    )
    over = new Set()
    if (inTheWay.length === 0) return
    const ended = await ask<{ id: string }>(
      'SELECT asked.id FROM unnest($1::text[]) AS asked(id) LEFT JOIN execution x ON x.id = asked.id WHERE x.is_open IS NOT TRUE',
      [[...new Set(inTheWay)]],
    )
    over = new Set(ended.map(({ id }) => id))
  }

  const stand = async (its: readonly (string | undefined)[], devices: readonly string[]) => {
    const found = await ask<{ standing: AppendBasis }>(
      'SELECT standing(its, $2) AS standing FROM unnest($1::text[]) WITH ORDINALITY AS asked(its, place) ORDER BY place',
      [its.map((execution) => execution ?? null), devices],
    )
    for (const [index, { standing }] of found.entries()) heed(its[index], standing)
  }

  const loadFreezes = async ({ execution = '', events, at }: AppendRequest) => {
    const [{ version } = { version: 0 }] = await ask<{ version: number }>('SELECT newest_freeze() AS version')
    if (version !== freezes.version) freezes = { version, records: await freezeRecords() }
    if (beginningIn(events) !== 'commit' || freezesAmong(freezes.records, at).length === 0) return
    if (isUnderWay(await read(execution))) underWay.add(execution)
    else underWay.delete(execution)
  }

  /** Throws BrokenChainError for a head that is not sealed: whatever is written behind one gets a seal, and would vouch for all that is before it. */
  const heed = (execution: string | undefined, standing: AppendBasis): void => {
    const { execution: row, register } = standing
    requireSealed(execution, row, register)
    known = register
    if (standing.freezes !== freezes.version) freezes = { ...freezes, version: -1 }
    if (execution !== undefined) {
      whole.add(execution)
      if (row === null) executions.delete(execution)
      else executions.set(execution, row)
      for (const [device, lease] of leases) if (lease.execution === execution) leases.delete(device)
    }
    for (const lease of standing.leases) leases.set(lease.device, leaseIn(lease))
  }

  const requireSealed = (id: string | undefined, row: ExecutionRow | null, register: HeadRow) => {
    const fault = (head: HeadRow, of: string) =>
      new BrokenChainError({
        seq: head.uncovered.at(-1) ?? 0,
        reason: `the seal of ${of} is broken: nothing is written behind it`,
      })
    if (!keys.isSeal(registerText(origin, register), register.seal)) throw fault(register, 'the register')
    if (id !== undefined && row !== null && !keys.isSeal(executionText(origin, id, row), row.seal))
      throw fault(row, `execution ${id}`)
  }

  const wrote = (me: string, { execution, events }: AppendRequest, prepared: SentAppend, answer: Written): void => {
    const { head, register, rests } = prepared.sent
    for (const [device, lease] of prepared.leases) leases.set(device, lease)
    if (execution !== undefined) tokens.set(execution, prepared.tokens)
    if (register !== undefined) known = headAfter(register, present(), answer)
    if (execution === undefined || head === undefined) return
    if (prepared.base?.n === 0) whole.add(execution)
    if (events.some(takesOver)) underWay.delete(execution)
    const row = rowAfter(head, executions.get(execution), answer)
    written.set(execution, row.last)
    executions.set(execution, { ...row, worker: rests ? null : me })
  }

  return {
    executions,
    leases,
    tokens,
    written,
    load,
    heed,
    wrote,
    isUnderWay: (execution: string): boolean => underWay.has(execution),
    get over() {
      return over
    },
    get freezes() {
      return freezes
    },
    get register() {
      return present()
    },
  }
}

function rowAfter(
  head: NonNullable<SentAppend['sent']['head']>,
  before: ExecutionRow | undefined,
  { places, token }: Written,
) {
  const [first = 0] = places
  return { ...head, uncovered: places, first: before?.first ?? first, last: places.at(-1) ?? 0, token: token ?? 1 }
}

function headAfter(
  { head, rows }: NonNullable<SentAppend['sent']['register']>,
  { uncovered }: HeadRow,
  { register }: Written,
): HeadRow {
  const before = rows[0]?.covers.length ? [] : uncovered
  return { ...head, uncovered: [...before, ...register] }
}
