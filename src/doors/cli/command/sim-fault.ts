import type { FabricStatus } from '../../../eos/sim/fabric/simulated-fabric.ts'
import { faultSchema } from '../../../eos/sim/fault/fault-schema.ts'
import { askControl } from '../../../lab/simulator/control.ts'
import { isJsonObject } from '../../../model/json.ts'
import { inputError, orProblems } from '../../../project/system/process/input-error.ts'
import { parseWith, readYamlValue } from '../../../text/source/yaml.ts'
import { controlAddress } from '../option/control-address.ts'
import type { Invocation } from '../terminal/io.ts'

/** Its text is YAML, checked here before the simulator is asked. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, global } = invocation
  const [device = '', typed = ''] = args
  const fault = readFault(device, typed)
  const control = await controlAddress(invocation)
  const { devices } = (await askControl(io, control, 'GET', '/status')) as FabricStatus
  if (!devices.some(({ name }) => name === device)) {
    throw bad(device, `there is no switch \`${device}\` here: ${devices.map(({ name }) => name).join(', ')}`)
  }
  await askControl(io, control, 'POST', '/faults', JSON.stringify(fault))
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, fault })}\n`
      : `Fault: ${JSON.stringify(fault)} is set\nNext: eosflow sim status\n`,
  )
  return 0
}

function readFault(device: string, typed: string): object {
  const read = orProblems(readYamlValue(typed, 'fault'))
  if (!isJsonObject(read.value)) throw bad('fault', 'a fault is a map in YAML')
  return orProblems(parseWith(faultSchema, { ...read, value: { ...read.value, device } }))
}

function bad(file: string, message: string) {
  return inputError(
    file,
    'bad-fault',
    message,
    "Write for example: eosflow sim fault leaf1 '{ kind: unreachable, for: 20 }'",
  )
}
