import type { AppendTerms, SentAppend } from './prepare.ts'
import { executionText, registerText } from './seal.ts'

/** A request, sealed by the key that the store is under now. */
export function sealedAnew(prepared: SentAppend, { origin, keys }: Pick<AppendTerms, 'origin' | 'keys'>): SentAppend {
  const { execution, head, register } = prepared.sent
  const sealed = {
    ...(head === undefined || execution === undefined
      ? {}
      : { head: { ...head, seal: keys.seal(executionText(origin, execution, head)) } }),
    ...(register === undefined
      ? {}
      : {
          register: { ...register, head: { ...register.head, seal: keys.seal(registerText(origin, register.head)) } },
        }),
  }
  return { ...prepared, sent: { ...prepared.sent, ...sealed } }
}
