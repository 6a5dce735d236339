import { EosflowError } from '../../model/error.ts'
import type { Fabric } from '../../sim/fabric/fabric.ts'
import { systemRandom } from '../../system/system-random.ts'
import { type RunningFabric, startFabric } from '../start-fabric.ts'

/** Starts the switches of a fabric for whoever wants to work on them. Throws `busy` where a port is taken. */
export async function startSimulator(fabric: Fabric): Promise<RunningFabric> {
  try {
    return await startFabric({ fabric, random: systemRandom })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    const port = 'port' in error ? String(error.port) : ''
    const host = 'address' in error ? String(error.address) : '127.0.0.1'
    throw new EosflowError('busy', `port ${port} on ${host} is taken`, {
      hint: 'Is a simulator running already? eosflow sim status; else give the switches other ports in inventory.yaml.',
      cause: error,
    })
  }
}
