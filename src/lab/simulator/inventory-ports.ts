import { relative, resolve } from 'node:path'
import type { Inventory } from '../../change/inventory/inventory.ts'
import { isLoopback } from '../../change/inventory/switch/origin.ts'
import type { Fabric, FabricDevice } from '../../eos/sim/fabric/fabric.ts'
import { readFabric, withVouchedForms } from '../../project/files/fabric-folder.ts'
import type { Project } from '../../project/files/project.ts'
import type { Host } from '../../project/system/process/host.ts'
import { orProblems } from '../../project/system/process/input-error.ts'

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
