import { isJsonObject, type Json } from '../../../model/json.ts'

export interface Mirror {
  readonly kind: 'begun' | 'ended'
  readonly execution: string
  readonly n: number
  readonly hash: Uint8Array
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
