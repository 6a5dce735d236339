import type { Fabric } from '../../eos/sim/fabric/fabric.ts'
import { type AnsweringPort, askSimulator } from '../../eos/transport/connection/answerer.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { EosflowError } from '../../model/error.ts'
import { holderText } from '../../project/switches/connect/own-simulator.ts'
import { systemRandom } from '../../project/system/machine/system-random.ts'
import { type RunningFabric, startFabric } from '../trial/start-fabric.ts'

/** Throws `busy` where a port is taken, with who holds it. */
export async function startSimulator(fabric: Fabric, project: string | undefined): Promise<RunningFabric> {
  try {
    return await startFabric({ fabric, random: systemRandom, ...definedMembers({ project }) })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    const port = 'port' in error ? Number(error.port) : 0
    const host = 'address' in error ? String(error.address) : '127.0.0.1'
    throw new EosflowError('busy', `port ${port} on ${host} is taken by ${await holderOf(host, port)}`, {
      hint: 'End that process, or give the switches of inventory.yaml ports that are free. Simulators of this project that run: eosflow sim status',
      cause: error,
    })
  }
}

async function holderOf(host: string, port: number) {
  const ask = async (secure: AnsweringPort['secure']) => {
    const said = await askSimulator({ host, port, secure })
    return said === 'silent' ? undefined : said
  }
  return holderText((await ask(false)) ?? (await ask(true)), port)
}
