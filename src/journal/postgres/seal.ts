import type { StoreKeys } from '../store-keys.ts'
import type { ExecutionRow, HeadRow } from './standing.ts'

/** What is sealed of the head of an execution. */
export type SealedHead = Pick<ExecutionRow, 'n' | 'hash' | 'isOpen' | 'hasActed'>

/** The seal of an execution's newest record: without the key nobody writes one, or says of it that it has ended. Canonical JSON. */
export function executionSeal(keys: StoreKeys, origin: string, execution: string, head: SealedHead): string {
  const { n, hash, isOpen, hasActed } = head
  return keys.seal(JSON.stringify({ acted: hasActed, execution, hash, n, open: isOpen, origin }))
}

/** The seal of the newest row of the register. Canonical JSON. */
export function registerSeal(keys: StoreKeys, origin: string, { n, hash }: Pick<HeadRow, 'n' | 'hash'>): string {
  return keys.seal(JSON.stringify({ hash, n, origin, register: true }))
}
