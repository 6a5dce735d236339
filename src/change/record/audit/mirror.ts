import { isJsonObject, type Json } from '../../../model/json.ts'

/** What the register says of the first record of an execution, or of one with which it ended. */
export interface Mirror {
  readonly kind: 'begun' | 'ended'
  readonly execution: string
  /** The number of the record that it mirrors, in the chain of the execution, and its hash. */
  readonly n: number
  readonly hash: Uint8Array
  /** The position of that record, which is that of the mirror too. */
  readonly pos: number
}

/** The mirror that the body of a row of the register is, which was parsed; undefined where it is none. */
export function mirrorIn(said: Json, pos: number): Mirror | undefined {
  if (!isJsonObject(said)) return undefined
  const { mirror, execution, n, hash, v } = said
  if (v !== 1 || (mirror !== 'begun' && mirror !== 'ended')) return undefined
  if (typeof execution !== 'string' || !Number.isSafeInteger(n) || typeof hash !== 'string') return undefined
  return { kind: mirror, execution, n: Number(n), hash: Buffer.from(hash, 'hex'), pos }
}
