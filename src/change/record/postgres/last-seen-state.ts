import {
  type AppendAnswer,
  type AppendBasis,
  type AppendRequest,
  type ExecutionRow,
  type HeadRow,
  leaseIn,
} from '../chains/append-request.ts'
import { leasedDevices, type TakenTokens } from '../chains/lease-book.ts'
import type { LastSeen } from '../chains/prepare.ts'
import { executionText, registerText } from '../chains/seal.ts'
import type { JournalEvent } from '../event/event.ts'
import { BrokenChainError } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import { beginningIn, freezesAmong, isUnderWay } from '../store/freeze.ts'
import { type Lease, takesOver } from '../store/lease.ts'
import type { SentAppend } from './append-group.ts'
import { type Ask, askOver, type Session } from './database.ts'

export interface LastSeenStateParts {
  readonly session: Session
  readonly origin: string
  readonly keys: StoreKeys
  readonly read: (execution: string) => Promise<readonly JournalEvent[]>
  readonly freezes: () => Promise<readonly JournalEvent[]>
}

export class LastSeenState implements LastSeen {
  readonly #parts: LastSeenStateParts
  readonly #asked: Ask
  readonly executions = new Map<string, ExecutionRow>()
  readonly leases = new Map<string, Lease>()
  over: ReadonlySet<string> = new Set()
  readonly tokens = new Map<string, TakenTokens>()
  freezes: LastSeen['freezes'] = { version: -1, records: [] }
  readonly #whole = new Set<string>()
  readonly #underWay = new Set<string>()
  #register: HeadRow | undefined

  constructor(parts: LastSeenStateParts) {
    this.#parts = parts
    this.#asked = askOver(parts.session)
  }

  get register(): HeadRow {
    if (this.#register === undefined) throw new Error('the register was not loaded')
    return this.#register
  }

  isUnderWay(execution: string): boolean {
    return this.#underWay.has(execution)
  }

  readonly written = new Map<string, number>()

  async load(requests: readonly AppendRequest[]): Promise<void> {
    if (requests.some(({ events }) => events.some(({ type }) => type === 'StoreRestored'))) await this.#loadLeases()
    const unknown = requests.flatMap(({ execution, events }) => {
      // Whoever had a switch may have given it up since: nobody is refused it by what this process has heard before.
      const devices = events.flatMap(leasedDevices).filter((device) => {
        const lease = this.leases.get(device)
        return lease === undefined || lease.execution !== execution
      })
      const isKnown = execution === undefined || (this.#whole.has(execution) && !events.some(takesOver))
      return isKnown && devices.length === 0 ? [] : [{ execution, devices }]
    })
    const devices = unknown.flatMap((one) => one.devices)
    const executions = new Set(unknown.map(({ execution }) => execution))
    if (executions.size > 0) await this.#ask([...executions], devices)
    else if (this.#register === undefined) await this.#ask([undefined], [])
    await this.#loadOver(requests)
    for (const request of requests) if (beginningIn(request.events) !== undefined) await this.#loadFreezes(request)
  }

  async #loadOver(requests: readonly AppendRequest[]): Promise<void> {
    const inTheWay = requests.flatMap(({ execution, events, leaseAt }) =>
      events.flatMap(leasedDevices).flatMap((device) => {
        const { until = null, execution: holder } = this.leases.get(device) ?? {}
        return holder === undefined || holder === execution || until === null || until <= leaseAt ? [] : [holder]
      }),
    )
    this.over = new Set()
    if (inTheWay.length === 0) return
    const over = await this.#asked<{ id: string }>(
      'SELECT asked.id FROM unnest($1::text[]) AS asked(id) LEFT JOIN execution x ON x.id = asked.id WHERE x.is_open IS NOT TRUE',
      [[...new Set(inTheWay)]],
    )
    this.over = new Set(over.map(({ id }) => id))
  }

  async #ask(executions: readonly (string | undefined)[], devices: readonly string[]): Promise<void> {
    const found = await this.#asked<{ standing: AppendBasis }>(
      'SELECT standing(its, $2) AS standing FROM unnest($1::text[]) WITH ORDINALITY AS asked(its, place) ORDER BY place',
      [executions.map((execution) => execution ?? null), devices],
    )
    for (const [index, { standing }] of found.entries()) this.heed(executions[index], standing)
  }

  async #loadLeases(): Promise<void> {
    const leases = await this.#asked<{ device: string }>('SELECT device FROM lease')
    await this.#ask(
      [undefined],
      leases.map(({ device }) => device),
    )
  }

  async #loadFreezes({ execution = '', events, at }: AppendRequest): Promise<void> {
    const [{ version } = { version: 0 }] = await this.#asked<{ version: number }>('SELECT newest_freeze() AS version')
    if (version !== this.freezes.version) this.freezes = { version, records: await this.#parts.freezes() }
    if (beginningIn(events) !== 'commit' || freezesAmong(this.freezes.records, at).length === 0) return
    if (isUnderWay(await this.#parts.read(execution))) this.#underWay.add(execution)
    else this.#underWay.delete(execution)
  }

  /** Throws BrokenChainError for a head that is not sealed: whatever is written behind one gets a seal, and would vouch for all that is before it. */
  heed(execution: string | undefined, { execution: row, register, freezes, leases }: AppendBasis): void {
    this.#requireSealed(execution, row, register)
    this.#register = register
    if (freezes !== this.freezes.version) this.freezes = { ...this.freezes, version: -1 }
    if (execution !== undefined) {
      this.#whole.add(execution)
      if (row === null) this.executions.delete(execution)
      else this.executions.set(execution, row)
      for (const [device, lease] of this.leases) if (lease.execution === execution) this.leases.delete(device)
    }
    for (const lease of leases) this.leases.set(lease.device, leaseIn(lease))
  }

  #requireSealed(id: string | undefined, row: ExecutionRow | null, register: HeadRow): void {
    const { origin, keys } = this.#parts
    const fault = (head: HeadRow, of: string) =>
      new BrokenChainError({
        seq: head.uncovered.at(-1) ?? 0,
        reason: `the seal of ${of} is broken: nothing is written behind it`,
      })
    if (!keys.isSeal(registerText(origin, register), register.seal)) throw fault(register, 'the register')
    if (id !== undefined && row !== null && !keys.isSeal(executionText(origin, id, row), row.seal))
      throw fault(row, `execution ${id}`)
  }

  wrote(
    me: string,
    { execution, events }: AppendRequest,
    prepared: SentAppend,
    answer: AppendAnswer & { readonly is: 'written' },
  ): void {
    const { head, register, rests } = prepared.sent
    for (const [device, lease] of prepared.leases) this.leases.set(device, lease)
    if (execution !== undefined) this.tokens.set(execution, prepared.tokens)
    if (register !== undefined) {
      const covers = register.rows[0]?.covers.length ?? 0
      const before = covers > 0 ? [] : this.register.uncovered
      this.#register = { ...register.head, uncovered: [...before, ...answer.register] }
    }
    if (execution === undefined || head === undefined) return
    const present = this.executions.get(execution)
    const [first = 0] = answer.places
    const last = answer.places.at(-1) ?? 0
    if (prepared.base?.n === 0) this.#whole.add(execution)
    this.written.set(execution, last)
    this.executions.set(execution, {
      ...head,
      uncovered: answer.places,
      first: present?.first ?? first,
      last,
      token: answer.token ?? 1,
      worker: rests ? null : me,
    })
    if (events.some(takesOver)) this.#underWay.delete(execution)
  }
}
