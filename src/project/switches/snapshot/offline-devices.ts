import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { OfflineDevice } from '../../../change/plan/offline.ts'
import { unifiedDiff } from '../../../eos/config/diff/unified.ts'
import type { FabricDevice } from '../../../eos/sim/fabric/fabric.ts'
import { fabricFolders, isFabricFolder, readFabric } from '../../files/fabric-folder.ts'
import type { Project } from '../../files/project.ts'
import type { Host, WordedHost } from '../../system/process/host.ts'
import { inputError } from '../../system/process/input-error.ts'
import type { SnapshotDocument } from './snapshot-document.ts'

type Devices = ReadonlyMap<string, OfflineDevice>

/** `source` is a fabric folder or a snapshot's name; without one it is the fabrics of the project, each switch from the one that has it, else its newest snapshot. `names`: the switches that it is wanted of, of which none may be in several fabrics. */
export async function offlineDevices(
  project: Project,
  host: Host,
  { source, names }: { readonly source?: string | undefined; readonly names: readonly string[] },
): Promise<Devices> {
  if (source === undefined) return devicesOfProject(project, host, names)
  const folder = [resolve(host.cwd, source), resolve(project.dir, source)].find(isFabricFolder)
  if (folder !== undefined) return devicesOfFabric(host, folder)
  return (
    (await devicesOfSnapshot(project, host, source)) ??
    nothing(host, `\`${source}\` is neither a fabric nor a snapshot`)
  )
}

async function devicesOfProject(project: Project, host: Host, names: readonly string[]): Promise<Devices> {
  const folders = fabricFolders(project)
  if (folders.length === 0)
    return (await devicesOfSnapshot(project, host)) ?? nothing(host, 'the project has neither a fabric nor a snapshot')
  const fabrics = folders.map((folder) => [relative(project.dir, folder), devicesOfFabric(host, folder)] as const)
  for (const name of names) {
    const holding = fabrics.flatMap(([folder, devices]) => (devices.has(name) ? [folder] : []))
    if (holding.length > 1) return nothing(host, `${name} is in several fabrics: ${holding.join(', ')}`)
  }
  return new Map(fabrics.flatMap(([, devices]) => [...devices]))
}

function devicesOfFabric(host: Host, folder: string): Devices {
  return new Map(readFabric(host, folder).devices.map((device) => [device.name, offlineDevice(device)]))
}

function offlineDevice({ name, eos, model, serial, mac, config, startup }: FabricDevice): OfflineDevice {
  const startupDiff = startup === undefined ? '' : unifiedDiff(startup, config, 'startup-config')
  return { name, identity: { serial, systemMac: mac, eos, model }, running: config, startupDiff, state: {} }
}

async function devicesOfSnapshot(project: Project, host: Host, name?: string): Promise<Devices | undefined> {
  if (project.database === undefined && !existsSync(project.store)) return undefined
  const [{ openProjectStore }, { findSnapshot }] = await Promise.all([
    import('../../app/store/project-store.ts'),
    import('./snapshot-document.ts'),
  ])
  const { store } = await openProjectStore(project, host)
  try {
    const found = await findSnapshot({ store }, name)
    return found === undefined ? undefined : devicesIn(found)
  } finally {
    await store.close()
  }
}

function devicesIn({ devices }: SnapshotDocument): Devices {
  return new Map(
    Object.entries(devices).map(([name, device]) => [name, { name, ...device, startupDiff: device.startupDiff }]),
  )
}

function nothing(host: WordedHost, message: string): never {
  throw inputError(
    host.words({ code: 'given', input: 'offline' }),
    'no-offline-source',
    message,
    host.words({ code: 'name-offline-source' }),
  )
}
