import { type HeadRow, leaseIn, rowOf } from '../chains/append-request.ts'
import { DELIVERIES_ALTERED } from '../chains/beside-chains.ts'
import { HashTree } from '../chains/hash-tree.ts'
import { executionText, registerText, verifiedHead } from '../chains/seal.ts'
import { BrokenChainError, sameBytes } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { Lease } from '../store/lease.ts'
import type { Connection } from './connection.ts'
import { JoinedWrites } from './group-commit.ts'
import {
  columnsOf,
  deliveriesIn,
  EXECUTION,
  type ExecutionColumns,
  endOf,
  executionLeaf,
  type KnownExecution,
  knownOf,
  LEASES,
  type LeaseColumns,
  leaseLeaf,
  NEWEST,
  nodesOf,
  readWhole,
  requireRegister,
  type StoredEnd,
  VouchedLeases,
  type Whole,
  wholeText,
  writeWhole,
} from './kept-rows.ts'

// So many executions are known at most: what is not known is read.
const KNOWN = 5_000

const END = `SELECT ${EXECUTION}, e.hash AS stored FROM execution x ${NEWEST} WHERE x.id = ?`

const NEW_EXECUTION = `INSERT INTO execution(place, id, first, last, n, hash, seal, uncovered, is_open, has_acted, token, retired)
  VALUES (@place, @id, @first, @last, @n, @hash, @seal, @uncovered, @is_open, @has_acted, @token, @retired)`
const OTHER_EXECUTION = `UPDATE execution SET last = @last, n = @n, hash = @hash, seal = @seal, uncovered = @uncovered,
  has_acted = @has_acted, token = @token, retired = @retired WHERE place = @place`
const LEASE = `INSERT INTO lease(place, device, execution, token, until, quarantine) VALUES (@place, @device, @execution, @token, @until, @quarantine)
  ON CONFLICT(place) DO UPDATE SET execution = excluded.execution, token = excluded.token, until = excluded.until, quarantine = excluded.quarantine`

type Register = Omit<Whole, 'executions' | 'leases'> & { readonly register: HeadRow }

/** Where every chain of a store ends, and who has which switch, as the sealed row vouches for it: read once, and again only when somebody else has written. What is read is held against the seal and the trees, so nothing is written behind what was put back. */
export class Heads {
  readonly #connection: Connection
  readonly #origin: string
  readonly #keys: StoreKeys
  #version: number | undefined
  #present: Register | undefined
  #trees: { readonly executions: HashTree; readonly leases: HashTree } | undefined
  readonly #executions = new Map<string, KnownExecution>()
  readonly #leases = new VouchedLeases()
  readonly #places = new Map<string, number>()
  #hasLeases = false
  readonly joining = new JoinedWrites()
  readonly #alteredExecutions = new Set<string>()
  readonly #alteredLeases = new Set<string>()
  // Of the altered executions those that have ended or were opened again: the index of the open ones is left alone otherwise.
  readonly #turned = new Set<string>()
  #begun = 0
  #isAltered = false
  #isRegisterAltered = false

  constructor(connection: Connection, origin: string, keys: StoreKeys) {
    this.#connection = connection
    this.#origin = origin
    this.#keys = keys
  }

  refresh(): void {
    const version = this.#connection.foreignWrites
    if (this.#present !== undefined && version === this.#version) return
    this.#forget()
    const whole = readWhole(this.#connection)
    if (whole === undefined) throw new BrokenChainError({ seq: 0, reason: 'the head of the register is gone' })
    if (!this.#keys.isSeal(wholeText(this.#origin, whole), whole.seal))
      throw new BrokenChainError({ seq: whole.newest, reason: WHOLE_BROKEN })
    requireRegister(this.#connection, whole.register)
    this.#trees = {
      executions: new HashTree(nodesOf(this.#connection, 'execution'), whole.executions),
      leases: new HashTree(nodesOf(this.#connection, 'lease'), whole.leases),
    }
    this.#present = whole
    this.#version = version
  }

  change<T>(work: () => T): T {
    const joined = this.joining.taken()
    try {
      const given = this.#connection.write(() => {
        this.refresh()
        joined.write()
        const own = work()
        this.write()
        return own
      })
      joined.settle()
      return given
    } catch (thrown) {
      this.#forget()
      joined.fail(thrown)
      throw thrown
    }
  }

  #forget(): void {
    this.#present = undefined
    this.#executions.clear()
    this.#forgetLeases()
    this.#nothingAltered()
  }

  #nothingAltered(): void {
    this.#alteredExecutions.clear()
    this.#alteredLeases.clear()
    this.#turned.clear()
    this.#begun = 0
    this.#isAltered = false
    this.#isRegisterAltered = false
  }

  #forgetLeases(): void {
    this.#leases.clear()
    this.#places.clear()
    this.#hasLeases = false
  }

  get present(): Register {
    if (this.#present === undefined) throw new Error('the heads were not read')
    return this.#present
  }

  get #both(): { readonly executions: HashTree; readonly leases: HashTree } {
    if (this.#trees === undefined) throw new Error('the heads were not read')
    return this.#trees
  }

  get executions(): ReadonlyMap<string, KnownExecution> {
    return this.#executions
  }

  execution(id: string): KnownExecution | undefined {
    const known = this.#executions.get(id)
    if (known !== undefined) return known
    const row = this.#connection.one<StoredEnd>(END, id)
    if (row === undefined) {
      this.#requireNone(id)
      return undefined
    }
    this.require(row)
    verifiedHead(this.#keys, this.#origin, endOf(row))
    const read = knownOf(row)
    this.#executions.set(id, read)
    return read
  }

  require(row: ExecutionColumns): void {
    const leaf = this.#both.executions.leaf(row.place)
    if (leaf !== undefined && sameBytes(leaf, executionLeaf(row))) return
    throw new BrokenChainError({
      seq: row.last,
      reason: `what is kept of execution ${row.id} is not what was sealed last`,
    })
  }

  requireOpen(): void {
    const count = this.#connection.one<{ open: number }>('SELECT count(*) AS open FROM execution WHERE is_open = 1')
    if (count?.open === this.present.open) return
    throw new BrokenChainError({ seq: this.present.newest, reason: OPEN_GONE })
  }

  #requireNone(id: string): void {
    const mirror = this.#connection.one<{ pos: number }>(
      'SELECT pos FROM register WHERE execution = ? AND mirror IS NOT NULL LIMIT 1',
      id,
    )
    if (mirror !== undefined)
      throw new BrokenChainError({ seq: mirror.pos, reason: `execution ${id}, which begins there, is gone` })
  }

  get leases(): ReadonlyMap<string, Lease> {
    if (this.#hasLeases) return this.#leases
    const rows = this.#connection.all<LeaseColumns>(LEASES)
    const { leases } = this.#both
    if (rows.length !== leases.leaves) throw new BrokenChainError({ seq: this.present.newest, reason: LEASES_GONE })
    for (const { place, ...row } of rows) {
      const leaf = leases.leaf(place)
      if (leaf !== undefined && sameBytes(leaf, leaseLeaf(row))) this.#leases.set(row.device, leaseIn(row))
      else this.#leases.refuse(row.device, this.present.newest)
      this.#places.set(row.device, place)
    }
    this.#hasLeases = true
    return this.#leases
  }

  /** Requires that how far receivers are is what was written last: what is said to be delivered is never sent. */
  requireDeliveries(): void {
    if (deliveriesIn(this.#connection) === this.present.deliveries) return
    throw new BrokenChainError({ seq: this.present.newest, reason: DELIVERIES_ALTERED })
  }

  putExecution(id: string, head: Omit<KnownExecution, 'place' | 'seal'>): void {
    const known = this.#executions.get(id)
    this.put({ open: this.present.open + Number(head.isOpen) - Number(known?.isOpen ?? false) })
    const place = known?.place ?? this.#both.executions.leaves + this.#begun
    if (known === undefined) this.#begun += 1
    else if (known.isOpen !== head.isOpen) this.#turned.add(id)
    this.#executions.set(id, { ...head, seal: '', place })
    this.#alteredExecutions.add(id)
  }

  putLease(lease: Lease): void {
    const { device } = lease
    if (!this.#places.has(device)) this.#places.set(device, this.#places.size)
    this.#leases.set(device, lease)
    this.#alteredLeases.add(device)
    this.#isAltered = true
  }

  put(part: Partial<Register>): void {
    this.#isRegisterAltered ||= part.register !== undefined
    this.#present = { ...this.present, ...part }
    this.#isAltered = true
  }

  write(): void {
    if (!this.#isAltered) return
    const { executions, leases } = this.#both
    for (const id of this.#alteredExecutions) this.#writeExecution(id, executions)
    for (const device of this.#alteredLeases) this.#writeLease(device, leases)
    const { register, ...rest } = this.present
    const seal = this.#isRegisterAltered ? this.#keys.seal(registerText(this.#origin, register)) : register.seal
    this.#present = { ...rest, register: { ...register, seal } }
    const whole: Whole = { ...this.#present, executions: executions.write(), leases: leases.write() }
    writeWhole(this.#connection, this.#keys, this.#origin, { ...whole, register: this.#present.register })
    this.#nothingAltered()
    if (this.#executions.size > KNOWN) this.#executions.clear()
  }

  #writeExecution(id: string, tree: HashTree): void {
    const unsealed = this.#executions.get(id)
    if (unsealed === undefined) return
    const known = { ...unsealed, seal: this.#keys.seal(executionText(this.#origin, id, unsealed)) }
    this.#executions.set(id, known)
    const row = columnsOf(id, known)
    const isNew = row.place === tree.leaves
    this.#connection.run(isNew ? NEW_EXECUTION : OTHER_EXECUTION, row)
    tree.set(row.place, executionLeaf(row))
    if (this.#turned.has(id)) this.#connection.run('UPDATE execution SET is_open = @is_open WHERE place = @place', row)
  }

  #writeLease(device: string, tree: HashTree): void {
    const [lease, place] = [this.#leases.get(device), this.#places.get(device)]
    if (lease === undefined || place === undefined) return
    const row = rowOf(lease)
    this.#connection.run(LEASE, { place, ...row })
    tree.set(place, leaseLeaf(row))
  }
}

export const WHOLE_BROKEN = 'the seal over the ends of all chains is broken'
const OPEN_GONE = 'the open executions are not the ones that were sealed'
const LEASES_GONE = 'leases of switches are gone, or were added'
