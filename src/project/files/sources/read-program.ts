import type { InventoryProgram } from '../../../change/inventory/source/exec-settings.ts'
import { fromList } from '../../../change/roster/from-list.ts'
import type { ListForm } from '../../../change/roster/hosts/listed-value.ts'
import { EosflowError } from '../../../model/error.ts'
import { isJsonObject } from '../../../model/json.ts'
import { readJson } from '../../../text/source/json.ts'
import { allowedEnv, ProgramFault, printedBy } from '../../secret/program.ts'
import type { Host } from '../../system/process/host.ts'
import { problemText } from '../../system/process/input-error.ts'
import { printedDevices } from './printed-devices.ts'

/** As much as a cached answer may have. */
const LONGEST = 64 * 2 ** 20

/**
 * What a program of `eosflow.yaml` prints, in the shape of `ansible-inventory --list`: it prints that, or `{ "version": 1, "devices": … }`. Throws
 * `inventory-exec`. What it says on stderr is dropped, and of what it prints no message shows a byte: either may hold a secret. It runs in `dir`, the folder of
 * the project, from wherever eosflow is called.
 */
export async function readProgram(
  name: string,
  { command, env, seconds }: InventoryProgram,
  { env: given, dir }: Pick<Host, 'env'> & { readonly dir: string },
  signal: AbortSignal,
): Promise<ListForm> {
  const [program] = command
  const label = `exec ${name} (${program})`
  const run = { command, env: allowedEnv(env, given), cwd: dir, seconds, longest: LONGEST, signal }
  const bytes = await printedBy(run).catch((error: unknown) => {
    if (!(error instanceof ProgramFault)) throw error
    throw signal.aborted
      ? new EosflowError('cancelled', `${label}: stopped`)
      : fault(
          `${label} ${error.message}`,
          'Run its command by hand, as this user: what it says of itself is not shown here.',
          error,
        )
  })
  const read = readJson(bytes, label)
  if (!read.ok)
    throw fault(`${label} printed what is no JSON: ${bytes.length === 0 ? 'nothing' : `${bytes.length} bytes`}`, SHAPE)
  const { value } = read.value
  if (isJsonObject(value) && 'devices' in value && !('_meta' in value)) {
    const devices = printedDevices(read.value)
    if (!devices.ok) throw fault(`${label} printed devices that are none: ${problemText(devices.problems[0])}`, SHAPE)
    return devices.value
  }
  const list = fromList(value, label)
  if (!list.ok) throw fault(`${label} printed what is no inventory: ${list.problems[0].message}`, SHAPE)
  return value as unknown as ListForm
}

const SHAPE = 'It has to print what `ansible-inventory --list` prints, or an object with version: 1 and devices.'

function fault(message: string, hint: string, cause?: unknown): EosflowError {
  return new EosflowError('inventory-exec', message, { hint, ...(cause === undefined ? {} : { cause }) })
}
