import type { FabricStatus } from '../../../eos/sim/fabric/simulated-fabric.ts'
import { askControl, statusText } from '../../../lab/simulator/control.ts'
import { controlAddress } from '../option/control-address.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  const status = (await askControl(invocation.io, await controlAddress(invocation), 'GET', '/status')) as FabricStatus
  io.out(global.json ? `${JSON.stringify({ version: 1, ...status })}\n` : statusText(status))
  return 0
}
