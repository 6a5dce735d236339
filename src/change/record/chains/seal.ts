import type { StoreKeys } from '../seal/store-keys.ts'
import type { ExecutionRow, HeadRow } from './append-basis.ts'

export type SealedHead = Pick<ExecutionRow, 'n' | 'hash' | 'isOpen' | 'hasActed'>

/** The seal of an execution's newest record: without the key nobody writes one, or says of it that it has ended. */
export function executionSeal(keys: StoreKeys, origin: string, execution: string, head: SealedHead): string {
  return keys.seal(executionText(origin, execution, head))
}

/** Whether it is the one of the key that the store is under. */
export function isExecutionSeal(
  keys: StoreKeys,
  origin: string,
  { execution, seal, ...head }: SealedHead & { readonly execution: string; readonly seal: string },
): boolean {
  return keys.isSeal(executionText(origin, execution, head), seal)
}

function executionText(origin: string, execution: string, { n, hash, isOpen, hasActed }: SealedHead): string {
  const [of, from, digest] = [JSON.stringify(execution), JSON.stringify(origin), JSON.stringify(hash)]
  return `{"acted":${hasActed},"execution":${of},"hash":${digest},"n":${n},"open":${isOpen},"origin":${from}}`
}

export function registerSeal(keys: StoreKeys, origin: string, head: Pick<HeadRow, 'n' | 'hash'>): string {
  return keys.seal(registerText(origin, head))
}

/** Whether it is the one of the key that the store is under. */
export function isRegisterSeal(
  keys: StoreKeys,
  origin: string,
  { seal, ...head }: Pick<HeadRow, 'n' | 'hash' | 'seal'>,
): boolean {
  return keys.isSeal(registerText(origin, head), seal)
}

function registerText(origin: string, { n, hash }: Pick<HeadRow, 'n' | 'hash'>): string {
  return JSON.stringify({ hash, n, origin, register: true })
}
