import type { Lease } from '../store/lease.ts'

export interface HeadRow {
  readonly n: number
  readonly hash: string
  readonly seal: string
  readonly uncovered: readonly number[]
}

export interface ExecutionRow extends HeadRow {
  readonly first: number
  readonly last: number
  readonly isOpen: boolean
  readonly hasActed: boolean
  readonly token: number
  readonly worker: string | null
}

export type LeaseRow = Omit<Lease, 'quarantine'> & { readonly quarantine: string | null }

export interface AppendBasis {
  readonly execution: ExecutionRow | null
  readonly register: HeadRow
  readonly freezes: number
  readonly leases: readonly LeaseRow[]
}

export type AppendAnswer =
  | {
      readonly is: 'written'
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

export function leaseIn({ quarantine, ...lease }: LeaseRow): Lease {
  return quarantine === null ? lease : { ...lease, quarantine }
}

export function rowOf({ quarantine, ...lease }: Lease): LeaseRow {
  return { ...lease, quarantine: quarantine ?? null }
}
