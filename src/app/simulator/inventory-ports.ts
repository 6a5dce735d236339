import { relative, resolve } from 'node:path'
import type { Inventory } from '../../inventory/inventory.ts'
import { isLoopback } from '../../inventory/origin.ts'
import type { Fabric, FabricDevice } from '../../sim/fabric/fabric.ts'
import type { Project } from '../project.ts'

/** Whether a folder lies in a project, so that its fabric stands in for the project's inventory. */
export function isInProject({ dir }: Pick<Project, 'dir'>, folder: string): boolean {
  return !relative(dir, resolve(folder)).startsWith('..')
}

/** The fabric with its switches on the ports at which the inventory looks for them on loopback. */
export function onInventoryPorts(fabric: Fabric, { devices }: Inventory): Fabric {
  const portsOf = (name: string): Pick<FabricDevice, 'port' | 'sshPort'> => {
    const device = devices.find((one) => one.name === name)
    if (device === undefined || !isLoopback(device.host)) return {}
    if (device.transport === 'ssh') return { sshPort: device.port }
    return device.transport === 'eapi' && device.protocol === 'http' ? { port: device.port } : {}
  }
  return { ...fabric, devices: fabric.devices.map((device) => ({ ...device, ...portsOf(device.name) })) }
}
