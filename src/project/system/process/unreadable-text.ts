import { LackingKeyError } from '../../../change/record/seal/store-keys.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'

/** What a text of the store that cannot be read is refused with (`stale`): by which key that is not here it may have been made, or that it was altered. */
export function unreadableText(message: string, cause: unknown, hint?: string): EosflowError {
  if (cause instanceof LackingKeyError)
    return new EosflowError('stale', cause.message, {
      ...definedMembers({ hint: cause.hint }),
      cause,
    })
  return new EosflowError('stale', message, { ...definedMembers({ hint }), cause })
}
