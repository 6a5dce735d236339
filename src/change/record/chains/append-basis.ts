import type { Lease } from '../store/lease.ts'

/** The head of a chain as a store gives it: hashes in hexadecimal. */
export interface HeadRow {
  readonly n: number
  readonly hash: string
  readonly seal: string
  /** The positions of the rows that none has covered yet. */
  readonly uncovered: readonly number[]
}

/** An execution as a store has it. */
export interface ExecutionRow extends HeadRow {
  readonly first: number
  readonly last: number
  readonly isOpen: boolean
  readonly hasActed: boolean
  readonly token: number
  readonly worker: string | null
}

/** A lease as a store has it. */
export type LeaseRow = Omit<Lease, 'quarantine'> & { readonly quarantine: string | null }

/** What an append is judged by. */
export interface AppendBasis {
  readonly execution: ExecutionRow | null
  readonly register: HeadRow
  /** Another number whenever a freeze was set or ended. */
  readonly freezes: number
  readonly leases: readonly LeaseRow[]
}

/** What is asked before an append is prepared, of the moment of each answer. Each dialect has one implementation. */
export interface AppendBasisRows {
  /** What appends to some executions are judged by, in their order, each with the leases of some switches beside its own; undefined: to none. */
  standing(executions: readonly (string | undefined)[], devices: readonly string[]): Promise<readonly AppendBasis[]>
  /** Of some executions: those that have ended on record, or are not there. */
  over(executions: readonly string[]): Promise<readonly string[]>
  /** Every switch that has a lease. */
  leasedDevices(): Promise<readonly string[]>
  /** Another number whenever a freeze was set or ended. */
  freezeVersion(): Promise<number>
}

/** How one request of a group went. */
export type AppendAnswer =
  | {
      readonly is: 'written'
      /** The positions of the records of the execution, and of the rows of the register. */
      readonly places: readonly number[]
      readonly register: readonly number[]
      readonly token: number | null
    }
  /** What it was made for is no longer so: it is to be made anew. */
  | { readonly is: 'stale'; readonly standing: AppendBasis }
  | { readonly is: 'unmet'; readonly of: string; readonly newest: number; readonly isAsked: boolean }
  /** Another policy came into force than the one that it was judged by. */
  | { readonly is: 'moved' }
  | { readonly is: 'owned'; readonly worker: string }
  | { readonly is: 'used'; readonly key: string }
  /** It leads a change on, and no standby would have it. */
  | { readonly is: 'unreplicated' }
  /** It leads on, and records are known to be missing. */
  | { readonly is: 'missed' }
  /** It was asked for alone, and is not there. */
  | { readonly is: 'left' }

/** The lease of a row. */
export function leaseIn({ quarantine, ...lease }: LeaseRow): Lease {
  return quarantine === null ? lease : { ...lease, quarantine }
}

/** The row of a lease. */
export function rowOf({ quarantine, ...lease }: Lease): LeaseRow {
  return { ...lease, quarantine: quarantine ?? null }
}
