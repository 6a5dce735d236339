import { InputError } from '../app/input-error.ts'
import { didYouMean } from '../source/suggest.ts'
import type { MachineType } from '../workflow/asl/dialect.ts'

const TYPES: readonly MachineType[] = ['STANDARD', 'EXPRESS']

/** The value of `--type`. Throws InputError for any other word. */
export function machineType(given: unknown): MachineType {
  if (given === undefined) return 'STANDARD'
  const type = TYPES.find((one) => one === String(given).toUpperCase())
  if (type !== undefined) return type
  throw new InputError([
    {
      code: 'unknown-type',
      message: `there is no workflow type \`${String(given)}\``,
      at: { file: `--type ${String(given)}`, line: 1, column: 1 },
      hint: didYouMean(String(given), TYPES),
    },
  ])
}
