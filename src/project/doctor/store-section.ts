import { accessSync, constants, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Store } from '../../change/record/store/store.ts'
import { EosflowError } from '../../model/error.ts'
import { freezePoints } from '../../report/doctor/freeze-points.ts'
import { type DoctorSection, good, type Point, skipped } from '../../report/doctor/point.ts'
import {
  chainPoint,
  databasePoint,
  keyGonePoint,
  openPoints,
  policyGonePoint,
  recordClockPoints,
  serverKeyPoints,
  storeFaultPoint,
  unwritablePoint,
} from '../../report/doctor/switch-points.ts'
import { freezesInForce } from '../access/policy/freeze-in-force.ts'
import { demandedPolicy } from '../access/policy/seen-policy.ts'
import { openProjectStore } from '../app/store/project-store.ts'
import type { Project } from '../files/project.ts'
import { unknownServerKey } from '../identity/signers/common-server-key.ts'
import { systemDisk } from '../system/machine/disk.ts'
import { roomFault } from '../system/machine/disk-room.ts'
import type { Host } from '../system/process/host.ts'
import { noSeams } from '../system/process/seams.ts'

const MIB = 1024 * 1024

export interface StoreLook {
  readonly section: DoctorSection
  readonly open: readonly string[]
}

type FoundPoints = { readonly points: readonly Point[]; readonly open: readonly string[] }

export async function lookAtStore(project: Project, host: Host): Promise<StoreLook> {
  const folder = dirname(project.store)
  const { points, open } = await pointsOf(project, host, folder)
  const nearest = nearestTo(folder)
  const room = project.database === undefined ? roomPoints(project, host, nearest) : []
  return { section: { title: 'Store', points: [writablePoint(nearest), ...room, ...points] }, open }
}

async function pointsOf(project: Project, host: Host, folder: string): Promise<FoundPoints> {
  if (project.database !== undefined) return openedPoints(project, host)
  if (existsSync(project.store)) return filePoints(project, host, existsSync(join(folder, 'install.key')))
  return { points: [skipped('there is none yet: the first plan makes it')], open: [] }
}

function nearestTo(folder: string) {
  let nearest = folder
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest)
  return nearest
}

function writablePoint(nearest: string) {
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK)
    return good('its folder can be written')
  } catch {
    return unwritablePoint(nearest)
  }
}

async function filePoints(project: Project, host: Host, keyFile: boolean): Promise<FoundPoints> {
  const isGiven = (host.env.EOSFLOW_KEY ?? '') !== ''
  if (!keyFile && !isGiven) return { points: [keyGonePoint()], open: [] }
  return openedPoints(project, host, good(isGiven ? 'its key is EOSFLOW_KEY' : 'install.key is for its owner only'))
}

async function openedPoints(project: Project, host: Host, ...ofKey: readonly Point[]): Promise<FoundPoints> {
  try {
    const { store, clock, clockRule, shared, notes, keys } = await openProjectStore(project, host)
    try {
      // All records of a database are read over the network: `audit verify` does that.
      const { seq } = await (shared === undefined ? store.verifyChain() : store.head())
      const open = (await store.openExecutions()).map(({ id }) => id)
      const points = [
        ...ofKey,
        shared === undefined ? chainPoint(seq) : databasePoint(seq),
        ...(shared === undefined ? [] : serverKeyPoints(await unknownServerKey({ shared, notes, keys, project }))),
        ...(await recordClockPoints(clockRule)),
        ...(await gonePolicyPoints(project, store)),
        ...freezePoints(await freezesInForce({ store, clock })),
        ...openPoints(open),
      ]
      return { points, open }
    } finally {
      await store.close()
    }
  } catch (error) {
    if (!(error instanceof EosflowError)) throw error
    return { points: [storeFaultPoint(error)], open: [] }
  }
}

function roomPoints({ settings }: Project, { seams }: Host, folder: string) {
  const { disk = systemDisk } = seams ?? noSeams
  const fault = roomFault({ folder, minFree: settings.disk.minFreeMiB * MIB, disk })
  return fault === undefined ? [] : [storeFaultPoint(fault)]
}

async function gonePolicyPoints({ policyPresent }: Project, store: Store) {
  const demanded = policyPresent ? undefined : await demandedPolicy({ store })
  return demanded === undefined ? [] : [policyGonePoint(demanded.file, demanded.policy)]
}
