import { accessSync, constants, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { CredentialSource } from '../../change/inventory/credentials.ts'
import type { Inventory, InventoryDevice } from '../../change/inventory/inventory.ts'
import { openStore } from '../../change/record/sqlite/open-store.ts'
import type { Store } from '../../change/record/store/store.ts'
import type { DeviceTarget, Fleet, Look } from '../../eos/device/device.ts'
import { readVersion } from '../../eos/transport/session/read-version.ts'
import type { Clock } from '../../model/clock.ts'
import type { Command } from '../../model/command.ts'
import { EosflowError } from '../../model/error.ts'
import { isJsonObject } from '../../model/json.ts'
import {
  chainPoint,
  clockSections,
  credentialFault,
  credentialPoint,
  type DoctorSection,
  databasePoint,
  type Examination,
  failed,
  good,
  keyGonePoint,
  noProjectSection,
  openPoints,
  type Point,
  policyGonePoint,
  problemPoint,
  readerPoint,
  recordClockPoints,
  serverKeyPoints,
  skipped,
  storeFaultPoint,
  switchSection,
  unwritablePoint,
  validPoint,
  warning,
} from '../../report/doctor/examination.ts'
import { freezePoints } from '../../report/doctor/freeze-points.ts'
import { identityText } from '../../report/phrases/identity-words.ts'
import { decidedFor, demandedPolicy } from '../access/policy/authority.ts'
import { freezesInForce } from '../access/policy/freeze-in-force.ts'
import type { App } from '../app/app.ts'
import { closeSecrets, secretsOf } from '../app/secrets/open-secrets.ts'
import { openProjectStore } from '../app/store/project-store.ts'
import { inventoryOf } from '../authoring/validate/settings-in-project.ts'
import { validateFile } from '../authoring/validate/validate-file.ts'
import { filesOf } from '../files/files-of-project.ts'
import { findProject, type Project, type ProjectPlace } from '../files/project.ts'
import type { WorkflowTests } from '../files/workflow-tests.ts'
import { callerOf } from '../identity/caller-of.ts'
import { osUser, rootWarning } from '../identity/local/local.ts'
import { unknownServerKey } from '../identity/signers/common-server-key.ts'
import type { Secrets } from '../secret/secrets.ts'
import { clientCertificate, type FleetHost, openFleet, openHttp } from '../switches/connect/open-fleet.ts'
import { referencesOf, resolveCredential } from '../switches/inventory/inventory-logins.ts'
import { chosenDevices } from '../switches/inventory/tell-warnings.ts'
import { servicesOf } from '../system/feature/feature.ts'
import { nearestThere, roomFault, systemDisk } from '../system/machine/disk-room.ts'
import type { Console } from '../system/process/console.ts'
import type { Host, WordedHost } from '../system/process/host.ts'
import { InputError, problemText } from '../system/process/input-error.ts'
import { noSeams } from '../system/process/seams.ts'

const MIB = 1024 * 1024

interface StoreLook {
  readonly section: DoctorSection
  readonly open: readonly string[]
}

type FoundPoints = { readonly points: readonly Point[]; readonly open: readonly string[] }

export async function lookAtStore(project: Project, host: Host): Promise<StoreLook> {
  const folder = dirname(project.store)
  const { points, open } = await storePoints(project, host, folder)
  const nearest = nearestThere(folder)
  const room = project.database === undefined ? roomPoints(project, host, nearest) : []
  return { section: { title: 'Store', points: [writablePoint(nearest), ...room, ...points] }, open }
}

async function storePoints(project: Project, host: Host, folder: string): Promise<FoundPoints> {
  if (project.database !== undefined) return openedPoints(project, host)
  if (existsSync(project.store)) return filePoints(project, host, existsSync(join(folder, 'install.key')))
  return { points: [skipped('there is none yet: the first plan makes it')], open: [] }
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

interface ExaminationContext extends Pick<App, 'insecureTls'> {
  readonly host: Host
  readonly caller: Console
  readonly place: ProjectPlace
  readonly tests: WorkflowTests
  readonly node: string
  readonly target: string | undefined
}

export async function examine(examining: ExaminationContext): Promise<readonly DoctorSection[]> {
  const { clock } = examining.host.seams ?? noSeams
  return [await installationSection(examining.node, clock), ...(await projectSections(examining))]
}

async function projectSections(examining: ExaminationContext): Promise<readonly DoctorSection[]> {
  const { host, caller, insecureTls, tests } = examining
  const project = projectOf(examining)
  if (project === undefined) {
    return [noProjectSection()]
  }
  if ('title' in project) return [project]
  const barred = await barredBy(project, examining)
  const app: FleetHost = { ...host, insecureTls, project }
  const secrets = secretsOf(app)
  const readCertificate = (file: string) => clientCertificate(project, file)
  try {
    const files = await projectSection(host, project, tests, (source) =>
      resolveCredential(source, { ...host, secrets, readCertificate }),
    )
    const identity = await identitySections(project, host)
    if (barred !== undefined) return [files, ...identity, { title: 'Store and switches', points: [barred] }]
    const { section, open } = await lookAtStore(project, host)
    return [section, files, ...identity, ...(await switchSections(examining, app, secrets, open))]
  } finally {
    await closeSecrets(secrets, caller)
  }
}

async function barredBy(project: Project, { host, target }: ExaminationContext) {
  const inventory = inventoryOf(project)
  if (!project.policyPresent || inventory === undefined) return undefined
  try {
    const { principal } = await callerOf(project, host)
    const devices = chosenDevices(inventory, target).map(({ name }) => name)
    const at = (host.seams ?? noSeams).clock.now()
    const { effect, reason } = decidedFor({ project }, { principal, at }, 'task.snapshot', { devices })
    return effect === 'allow' ? undefined : skipped(`not looked at: ${reason}`)
  } catch (error) {
    if (error instanceof InputError) return undefined
    if (error instanceof EosflowError) return skipped(`not looked at: ${error.message}`)
    throw error
  }
}

async function switchSections(
  { caller, target }: ExaminationContext,
  app: FleetHost,
  secrets: Secrets,
  open: readonly string[],
): Promise<readonly DoctorSection[]> {
  const inventory = inventoryOf(app.project)
  if (inventory === undefined) return []
  const chosen = chosenDevices(inventory, target)
  const fleet = openFleet(app, caller, inventory, chosen, { secrets })
  const { clock } = app.seams ?? noSeams
  const examined: Examination[] = []
  const sectionOf = async (device: InventoryDevice) => {
    const found = await examineSwitch(fleet, device, clock)
    examined.push(found)
    const section = switchSection(found, app.project.settings, open)
    const { readCredentials: reader } = device
    if (reader === undefined || reader === device.credentials) return section
    return {
      ...section,
      points: [...section.points, readerPoint(reader, await examineSwitch(fleet.as('read'), device, clock))],
    }
  }
  try {
    const sections = await Promise.all(chosen.map(sectionOf))
    const services = servicesOf({ ...app, clock }, openHttp(app, secrets))
    const seen = examined.flatMap((one) =>
      'failure' in one ? [] : [{ name: one.target.name, serial: one.look.identity.serial }],
    )
    const beside = await Promise.all(
      app.features.map(async (feature) => (await feature.examine?.(seen, services)) ?? []),
    )
    return [...sections, ...clockSections(examined), ...beside.flat()]
  } finally {
    await fleet.close()
  }
}

function projectOf({ host, place }: ExaminationContext): Project | DoctorSection | undefined {
  try {
    return findProject(host, place)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { title: 'Project', points: error.problems.map(problemPoint) }
  }
}

const ASKED: readonly Command[] = [{ cmd: 'show version', revision: 1 }, { cmd: 'show clock' }]

export async function examineSwitch(fleet: Fleet, target: DeviceTarget, clock: Clock): Promise<Examination> {
  try {
    const device = await fleet.device(target.name)
    const sent = clock.now()
    const look = await device.look(ASKED)
    const middle = (sent + clock.now()) / 2000
    return { target, look, config: await device.readConfig(), skew: epochIn(look) - middle }
  } catch (failure) {
    return { target, failure }
  }
}

// The switch's own time: `show clock` has it in JSON since about 4.31, `show version` as the boot time and the uptime.
function epochIn({ replies: [version, clock] }: Look) {
  const told = clock?.ok === true && isJsonObject(clock.json) ? clock.json.utcTime : undefined
  if (typeof told === 'number') return told
  return version?.ok === true ? readVersion(version.json).time.epoch : Number.NaN
}

async function identitySections(project: Project, host: Host): Promise<readonly DoctorSection[]> {
  if (project.settings.identity === undefined) return []
  try {
    const { principal } = await callerOf(project, host)
    return [{ title: 'Identity', points: [good(`commands act as ${identityText(principal)}`)] }]
  } catch (error) {
    if (!(error instanceof EosflowError)) throw error
    const { kind, message, hint = host.words({ code: 'login' }) } = error
    return [{ title: 'Identity', points: [(kind === 'not-authorised' ? warning : failed)(message, hint)] }]
  }
}

/** The oldest Node that eosflow runs on: `engines` in package.json says the same. */
export const OLDEST_NODE = [20, 19] as const

/** `node` is its version, for example `22.11.0`. */
export async function installationSection(node: string, clock: Clock): Promise<DoctorSection> {
  const warned = rootWarning(osUser())
  const root = warned === undefined ? [] : [warning(warned, 'Run eosflow as your own user.')]
  return { title: 'Installation', points: [nodePoint(node), await sqlitePoint(clock), ...root] }
}

function nodePoint(node: string) {
  const [major = 0, minor = 0] = node.split('.').map(Number)
  const [oldest, minorOfOldest] = OLDEST_NODE
  if (major > oldest || (major === oldest && minor >= minorOfOldest)) return good(`Node ${node}`)
  return failed(`Node ${node} is too old`, `Install Node ${OLDEST_NODE.join('.')} or newer.`)
}

async function sqlitePoint(clock: Clock) {
  try {
    const store = await openStore({ path: ':memory:', installKey: '0'.repeat(64), clock })
    await store.close()
    return good('better-sqlite3 loads')
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error)
    return failed(`better-sqlite3 does not load: ${why}`, 'npm rebuild better-sqlite3 (it takes a C++ compiler).')
  }
}

export type ResolveCredential = (source: CredentialSource) => Promise<unknown>

async function projectSection(
  { words }: WordedHost,
  project: Project,
  tests: WorkflowTests,
  resolve: ResolveCredential,
): Promise<DoctorSection> {
  const validations = filesOf(project, tests).map((path) => validateFile(path, { project, tests, words }))
  // What is wrong in the inventory, each file that needs it finds.
  const problems = validations
    .flatMap((one) => one.problems)
    .filter((one, index, all) => all.findIndex((other) => problemText(other) === problemText(one)) === index)
  const files = problems.length === 0 ? [validPoint(validations.length)] : problems.map(problemPoint)
  const inventory = inventoryOf(project)
  const credentials = inventory === undefined ? [] : await credentialPoints(inventory, resolve)
  return { title: 'Project', points: [...files, ...credentials] }
}

async function credentialPoints(inventory: Inventory, resolve: ResolveCredential) {
  const used = new Set(
    inventory.devices.flatMap(({ credentials, readCredentials = credentials, via = [] }) => [
      credentials,
      readCredentials,
      ...via.map((hop) => hop.credentials),
    ]),
  )
  const sources = Object.entries(inventory.credentials).filter(([name]) => used.has(name))
  return Promise.all(sources.map(([name, source]) => resolvedPoint(name, source, resolve)))
}

async function resolvedPoint(name: string, source: CredentialSource, resolve: ResolveCredential) {
  try {
    await resolve(source)
    const agent = source.agent === undefined ? [] : ['the ssh-agent']
    return credentialPoint(name, source.username, [...new Set([...referencesOf(source), ...agent])])
  } catch (error) {
    if (!(error instanceof EosflowError)) throw error
    return credentialFault(name, error)
  }
}
