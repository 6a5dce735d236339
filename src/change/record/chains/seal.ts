import type { ExecutionRow, HeadRow } from './append-basis.ts'

export type SealedHead = Pick<ExecutionRow, 'n' | 'hash' | 'isOpen' | 'hasActed'>

/** What the seal of an execution's newest record is over: without the key nobody writes one, or says of it that it has ended. */
export function executionText(origin: string, execution: string, { n, hash, isOpen, hasActed }: SealedHead): string {
  const [of, from, digest] = [JSON.stringify(execution), JSON.stringify(origin), JSON.stringify(hash)]
  return `{"acted":${hasActed},"execution":${of},"hash":${digest},"n":${n},"open":${isOpen},"origin":${from}}`
}

export function registerText(origin: string, { n, hash }: Pick<HeadRow, 'n' | 'hash'>): string {
  return JSON.stringify({ hash, n, origin, register: true })
}
