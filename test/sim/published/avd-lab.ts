import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordedSwitch } from '../lab-fabric.ts'
import type { PublishedLab } from './published-lab.ts'

const LAB = 'inventories/archives/inetsix-eapi'

/**
 * The 18 vEOS switches of 4.26.2F and 4.27.0F of titom73/ansible-arista-network-lab-automation. Its servers were recorded at another
 * time, and none of the switches has heard them.
 */
export function readAvdLab(clone: string): PublishedLab {
  const switches = readAvdSwitches(join(clone, LAB, 'snapshots'), join(clone, LAB, 'config_backup'), 'EAPI-')
  return { name: 'avd-lab', switches, around: [] }
}

/** The switches that AVD has asked: a folder of answers for each, and a file with its configuration. */
export function readAvdSwitches(snapshots: string, backups: string, prefix: string): readonly RecordedSwitch[] {
  return readdirSync(snapshots)
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((name) => switchOf(name, join(snapshots, name), backups))
}

/** Two switches have this route in the saved text, and no switch has it when it was asked, over EVPN neither: it was configured later. */
const LATER = 'ip route vrf TENANT_A_PROJECT01 1.1.1.0/24 10.1.10.1\n'

function switchOf(name: string, folder: string, backups: string): RecordedSwitch {
  const texts = readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .map((file) => [file.slice(0, -'.txt'.length), readFileSync(join(folder, file), 'utf8')] as const)
  const show: Record<string, unknown> = Object.fromEntries(texts)
  const config = readFileSync(join(backups, `${name}_post_running-config.conf`), 'utf8').replace(LATER, '')
  return {
    name,
    config,
    show: {
      ...show,
      'show version | json': { systemMacAddress: macOf(String(show['show version'])) },
      'show lldp neighbors detail | json': { lldpNeighbors: heardBy(String(show['show lldp neighbors'])) },
    },
  }
}

export function macOf(version: string): string | undefined {
  const digits = /System MAC address:\s+(\S+)/.exec(version)?.[1]?.replaceAll('.', '')
  return digits?.replaceAll(/(..)(?=.)/g, '$1:')
}

const NEIGHBOR = /^(Et\S+)\s+(\S+)\s+(Ethernet\S+)\s+\d+\s*$/gm

export function heardBy(table: string) {
  return Object.fromEntries(
    [...table.matchAll(NEIGHBOR)].map(([, port = '', systemName, interfaceId]) => [
      port.replace('Et', 'Ethernet'),
      { lldpNeighborInfo: [{ systemName, neighborInterfaceInfo: { interfaceId } }] },
    ]),
  )
}
