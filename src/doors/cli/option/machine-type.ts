import type { MachineType } from '../../../change/workflow/asl/part.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { oneOf } from './options.ts'

const TYPES: readonly MachineType[] = ['STANDARD', 'EXPRESS']

/** The value of `--type`. Throws InputError for any other word. */
export function machineType(given: unknown = 'STANDARD'): MachineType {
  return oneOf(
    TYPES,
    String(given).toUpperCase(),
    `--type ${given}`,
    'unknown-type',
    `there is no workflow type \`${given}\``,
    didYouMean(String(given), TYPES),
  )
}
