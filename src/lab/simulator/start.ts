import { relative, resolve } from 'node:path'
import type { Inventory } from '../../change/inventory/inventory.ts'
import { isLoopback } from '../../change/inventory/switch/secret-settings.ts'
import type { Fabric, FabricDevice } from '../../eos/sim/fabric/fabric.ts'
import { type AnsweringPort, askSimulator } from '../../eos/transport/connection/answerer.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { readFabric, withVouchedForms } from '../../project/files/fabric-folder.ts'
import type { Project } from '../../project/files/project.ts'
import { holderText } from '../../project/switches/connect/own-simulator.ts'
import { systemRandom } from '../../project/system/machine/system-clock.ts'
import type { Host } from '../../project/system/process/host.ts'
import { orProblems } from '../../project/system/process/input-error.ts'
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

/** Throws InputError. */
export function fabricIn(host: Host, project: Project | undefined, folder: string): Fabric {
  const read = readFabric(host, folder)
  if (project === undefined || !isInProject(project, folder)) return read
  const fabric = orProblems(withVouchedForms(read, project.files))
  return project.stands(project.settings.inventory) ? onInventoryPorts(fabric, project.inventory()) : fabric
}

// Whether a folder lies in a project, so that its fabric stands for the switches of the project's inventory.
function isInProject({ dir }: Pick<Project, 'dir'>, folder: string) {
  return !relative(dir, resolve(folder)).startsWith('..')
}

function onInventoryPorts(fabric: Fabric, { devices }: Inventory): Fabric {
  const placeOf = (name: string): Pick<FabricDevice, 'host' | 'port' | 'httpsPort' | 'sshPort'> => {
    const device = devices.find((one) => one.name === name)
    if (device === undefined || !isLoopback(device.host)) return {}
    const at = device.host === '::1' ? { host: '::1' as const } : {}
    if (device.transport !== 'eapi') return device.transport === 'ssh' ? { ...at, sshPort: device.port } : at
    return device.protocol === 'http' ? { ...at, port: device.port } : { ...at, httpsPort: device.port }
  }
  return { ...fabric, devices: fabric.devices.map((device) => ({ ...device, ...placeOf(device.name) })) }
}
