import { type HeadRow, leaseIn, rowOf } from '../chains/append-request.ts'
import { DELIVERIES_ALTERED } from '../chains/beside-chains.ts'
import { type HashTree, hashTree } from '../chains/hash-tree.ts'
import { executionText, registerText, verifiedHead } from '../chains/seal.ts'
import { BrokenChainError, sameBytes } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { Lease } from '../store/lease.ts'
import type { Connection } from './connection.ts'
import { joinedWrites } from './group-commit.ts'
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

export type Heads = ReturnType<typeof chainHeads>

/** Where every chain of a store ends, and who has which switch, as the sealed row vouches for it: read once, and again only when somebody else has written. What is read is held against the seal and the trees, so nothing is written behind what was put back. */
export function chainHeads(connection: Connection, origin: string, keys: StoreKeys) {
  let seen: number | undefined
  let now: Register | undefined
  let trees: { readonly executions: HashTree; readonly leases: HashTree } | undefined
  const knownExecutions = new Map<string, KnownExecution>()
  const vouched = new VouchedLeases()
  const places = new Map<string, number>()
  let hasLeases = false
  const joining = joinedWrites()
  const alteredExecutions = new Set<string>()
  const alteredLeases = new Set<string>()
  // Of the altered executions those that have ended or were opened again: the index of the open ones is left alone otherwise.
  const turned = new Set<string>()
  let begun = 0
  let isAltered = false
  let isRegisterAltered = false

  function refresh(): void {
    const version = connection.foreignWrites
    if (now !== undefined && version === seen) return
    forget()
    const whole = readWhole(connection)
    if (whole === undefined) throw new BrokenChainError({ seq: 0, reason: 'the head of the register is gone' })
    if (!keys.isSeal(wholeText(origin, whole), whole.seal))
      throw new BrokenChainError({ seq: whole.newest, reason: WHOLE_BROKEN })
    requireRegister(connection, whole.register)
    trees = {
      executions: hashTree(nodesOf(connection, 'execution'), whole.executions),
      leases: hashTree(nodesOf(connection, 'lease'), whole.leases),
    }
    now = whole
    seen = version
  }

  function change<T>(work: () => T): T {
    const joined = joining.taken()
    try {
      const given = connection.write(() => {
        refresh()
        joined.write()
        const own = work()
        write()
        return own
      })
      joined.settle()
      return given
    } catch (thrown) {
      forget()
      joined.fail(thrown)
      throw thrown
    }
  }

  function forget(): void {
    now = undefined
    knownExecutions.clear()
    vouched.clear()
    places.clear()
    hasLeases = false
    nothingAltered()
  }

  function nothingAltered(): void {
    alteredExecutions.clear()
    alteredLeases.clear()
    turned.clear()
    begun = 0
    isAltered = false
    isRegisterAltered = false
  }

  function execution(id: string): KnownExecution | undefined {
    const known = knownExecutions.get(id)
    if (known !== undefined) return known
    const row = connection.one<StoredEnd>(END, id)
    if (row === undefined) {
      requireNone(id)
      return undefined
    }
    require(row)
    verifiedHead(keys, origin, endOf(row))
    const read = knownOf(row)
    knownExecutions.set(id, read)
    return read
  }

  function require(row: ExecutionColumns): void {
    const leaf = bothTrees().executions.leaf(row.place)
    if (leaf !== undefined && sameBytes(leaf, executionLeaf(row))) return
    throw new BrokenChainError({
      seq: row.last,
      reason: `what is kept of execution ${row.id} is not what was sealed last`,
    })
  }

  function requireOpen(): void {
    const count = connection.one<{ open: number }>('SELECT count(*) AS open FROM execution WHERE is_open = 1')
    if (count?.open === presentNow().open) return
    throw new BrokenChainError({ seq: presentNow().newest, reason: OPEN_GONE })
  }

  function requireNone(id: string): void {
    const mirror = connection.one<{ pos: number }>(
      'SELECT pos FROM register WHERE execution = ? AND mirror IS NOT NULL LIMIT 1',
      id,
    )
    if (mirror !== undefined)
      throw new BrokenChainError({ seq: mirror.pos, reason: `execution ${id}, which begins there, is gone` })
  }

  /** Requires that how far receivers are is what was written last: what is said to be delivered is never sent. */
  function requireDeliveries(): void {
    if (deliveriesIn(connection) === presentNow().deliveries) return
    throw new BrokenChainError({ seq: presentNow().newest, reason: DELIVERIES_ALTERED })
  }

  function putExecution(id: string, head: Omit<KnownExecution, 'place' | 'seal'>): void {
    const known = knownExecutions.get(id)
    put({ open: presentNow().open + Number(head.isOpen) - Number(known?.isOpen ?? false) })
    const place = known?.place ?? bothTrees().executions.leaves + begun
    if (known === undefined) begun += 1
    else if (known.isOpen !== head.isOpen) turned.add(id)
    knownExecutions.set(id, { ...head, seal: '', place })
    alteredExecutions.add(id)
  }

  function putLease(lease: Lease): void {
    const { device } = lease
    if (!places.has(device)) places.set(device, places.size)
    vouched.set(device, lease)
    alteredLeases.add(device)
    isAltered = true
  }

  function put(part: Partial<Register>): void {
    isRegisterAltered ||= part.register !== undefined
    now = { ...presentNow(), ...part }
    isAltered = true
  }

  function write(): void {
    if (!isAltered) return
    const { executions, leases } = bothTrees()
    for (const id of alteredExecutions) writeExecution(id, executions)
    for (const device of alteredLeases) writeLease(device, leases)
    const { register, ...rest } = presentNow()
    const seal = isRegisterAltered ? keys.seal(registerText(origin, register)) : register.seal
    now = { ...rest, register: { ...register, seal } }
    writeWhole(connection, keys, origin, { ...now, executions: executions.write(), leases: leases.write() })
    nothingAltered()
    if (knownExecutions.size > KNOWN) knownExecutions.clear()
  }

  function writeExecution(id: string, tree: HashTree): void {
    const unsealed = knownExecutions.get(id)
    if (unsealed === undefined) return
    const known = { ...unsealed, seal: keys.seal(executionText(origin, id, unsealed)) }
    knownExecutions.set(id, known)
    const row = columnsOf(id, known)
    const isNew = row.place === tree.leaves
    connection.run(isNew ? NEW_EXECUTION : OTHER_EXECUTION, row)
    tree.set(row.place, executionLeaf(row))
    if (turned.has(id)) connection.run('UPDATE execution SET is_open = @is_open WHERE place = @place', row)
  }

  function writeLease(device: string, tree: HashTree): void {
    const [lease, place] = [vouched.get(device), places.get(device)]
    if (lease === undefined || place === undefined) return
    const row = rowOf(lease)
    connection.run(LEASE, { place, ...row })
    tree.set(place, leaseLeaf(row))
  }

  function presentNow(): Register {
    if (now === undefined) throw new Error('the heads were not read')
    return now
  }

  function bothTrees(): { readonly executions: HashTree; readonly leases: HashTree } {
    if (trees === undefined) throw new Error('the heads were not read')
    return trees
  }

  function leasesNow(): ReadonlyMap<string, Lease> {
    if (hasLeases) return vouched
    const rows = connection.all<LeaseColumns>(LEASES)
    const { leases } = bothTrees()
    if (rows.length !== leases.leaves) throw new BrokenChainError({ seq: presentNow().newest, reason: LEASES_GONE })
    for (const { place, ...row } of rows) {
      const leaf = leases.leaf(place)
      if (leaf !== undefined && sameBytes(leaf, leaseLeaf(row))) vouched.set(row.device, leaseIn(row))
      else vouched.refuse(row.device, presentNow().newest)
      places.set(row.device, place)
    }
    hasLeases = true
    return vouched
  }

  return {
    executions: knownExecutions as ReadonlyMap<string, KnownExecution>,
    get present() {
      return presentNow()
    },
    get leases() {
      return leasesNow()
    },
    ...{
      joining,
      refresh,
      change,
      execution,
      require,
      requireOpen,
      requireDeliveries,
      putExecution,
      putLease,
      put,
      write,
    },
  }
}

export const WHOLE_BROKEN = 'the seal over the ends of all chains is broken'
const OPEN_GONE = 'the open executions are not the ones that were sealed'
const LEASES_GONE = 'leases of switches are gone, or were added'
