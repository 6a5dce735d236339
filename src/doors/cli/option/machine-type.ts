import type { MachineType } from '../../../change/workflow/asl/part.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { didYouMean } from '../../../text/source/suggest.ts'

const TYPES: readonly MachineType[] = ['STANDARD', 'EXPRESS']

/** The value of `--type`. Throws InputError for any other word. */
export function machineType(given: unknown): MachineType {
  if (given === undefined) return 'STANDARD'
  const type = TYPES.find((one) => one === String(given).toUpperCase())
  if (type !== undefined) return type
  throw inputError(
    `--type ${String(given)}`,
    'unknown-type',
    `there is no workflow type \`${String(given)}\``,
    didYouMean(String(given), TYPES),
  )
}
