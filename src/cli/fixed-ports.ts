import { relative, resolve } from 'node:path'
import { type Inventory, isLoopback } from '../inventory/inventory.ts'
import type { Fabric } from '../sim/fabric/fabric.ts'
import type { Project } from './project.ts'

/** Whether a folder lies in a project, so that its fabric stands in for the project's inventory. */
export function isInProject({ dir }: Pick<Project, 'dir'>, folder: string): boolean {
  return !relative(dir, resolve(folder)).startsWith('..')
}

/** The fabric with its switches on the ports at which the inventory looks for them on loopback. */
export function onInventoryPorts(fabric: Fabric, { devices }: Inventory): Fabric {
  const ports = new Map(
    devices.flatMap((device) =>
      isLoopback(device.host) && device.transport === 'eapi' && device.protocol === 'http'
        ? [[device.name, device.port] as const]
        : [],
    ),
  )
  return {
    ...fabric,
    devices: fabric.devices.map((device) => {
      const port = ports.get(device.name)
      return port === undefined ? device : { ...device, port }
    }),
  }
}
