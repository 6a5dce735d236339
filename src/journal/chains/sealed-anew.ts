import type { Prepared, Preparing } from './prepare.ts'
import { executionSeal, registerSeal } from './seal.ts'

/** A request, sealed by the key that the store is under now. */
export function sealedAnew(prepared: Prepared, { origin, keys }: Pick<Preparing, 'origin' | 'keys'>): Prepared {
  const { execution, head, register } = prepared.sent
  const sealed = {
    ...(head === undefined || execution === undefined
      ? {}
      : { head: { ...head, seal: executionSeal(keys, origin, execution, head) } }),
    ...(register === undefined
      ? {}
      : { register: { ...register, head: { ...register.head, seal: registerSeal(keys, origin, register.head) } } }),
  }
  return { ...prepared, sent: { ...prepared.sent, ...sealed } }
}
