import type { Plan } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { definedMembers } from '../../../model/json.ts'
import { askedUnder, keyOfChange, type Request } from '../../../project/execution/begin/run-key.ts'
import { inputError } from '../../../project/system/process/input-error.ts'

const KEY = /^[\w.:/@+-]{1,128}$/

/** What `--key` asks for: the key, and a digest of the saved plan, or of the definition and the switches. Without it a change file has the key of its path and its digest. */
export function requestOf(
  key: unknown,
  { plan, prepared }: { plan?: Plan; prepared: PreparedChange },
): Request | undefined {
  const { changeFile: change } = prepared
  // Of a saved plan the approval is used once.
  if (key === undefined && change !== undefined && plan === undefined)
    return askedUnder(keyOfChange(change), { prepared })
  if (typeof key !== 'string') return undefined
  if (!KEY.test(key)) {
    throw inputError(
      '--key',
      'bad-key',
      'a key is made of 1 to 128 letters, digits and _ . : / @ + -',
      'Give for example the number of the job.',
    )
  }
  return askedUnder(key, { ...definedMembers({ plan }), prepared })
}
