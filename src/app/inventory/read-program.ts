import type { InventoryProgram } from '../../inventory/source/exec-settings.ts'
import { printedDevices } from '../../inventory/source/printed-devices.ts'
import { EosflowError } from '../../model/error.ts'
import { isJsonObject } from '../../model/json.ts'
import { fromList } from '../../roster/from-list.ts'
import type { ListForm } from '../../roster/listed-value.ts'
import { allowedEnv, ProgramFault, printedBy } from '../../secret/program.ts'
import { readJson } from '../../source/json.ts'
import type { Host } from '../host.ts'
import { problemText } from '../input-error.ts'

/** As much as a cached answer may have. */
const LONGEST = 64 * 2 ** 20

/**
 * What a program of `eosflow.yaml` prints, in the shape of `ansible-inventory --list`: it prints that, or `{ "version": 1, "devices": … }`. Throws
 * `inventory-exec`. What it says on stderr is dropped.
 */
export async function readProgram(
  name: string,
  { command, env, seconds }: InventoryProgram,
  host: Pick<Host, 'env'>,
  signal: AbortSignal,
): Promise<ListForm> {
  const [program] = command
  const label = `exec ${name} (${program})`
  const run = { command, env: allowedEnv(env, host.env), seconds, longest: LONGEST, signal }
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
  if (!read.ok) throw fault(`${label} printed what is no JSON: ${firstLine(bytes)}`, SHAPE)
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

/** The first line of what was printed, as far as it can be shown. */
function firstLine(bytes: Buffer): string {
  const [line = ''] = bytes.subarray(0, 4_096).toString('utf8').trimStart().split(/\r?\n/)
  return line === '' ? 'nothing' : JSON.stringify(line.slice(0, 120).replace(/[^\x20-\x7e]/g, '?'))
}

function fault(message: string, hint: string, cause?: unknown): EosflowError {
  return new EosflowError('inventory-exec', message, { hint, ...(cause === undefined ? {} : { cause }) })
}
