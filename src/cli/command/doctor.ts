import { chosenDevices } from '../../app/chosen-devices.ts'
import { type Examination, examineSwitch } from '../../app/doctor/examine-switch.ts'
import { InputError } from '../../app/input-error.ts'
import { resolveCredential } from '../../app/inventory-logins.ts'
import { callerOf } from '../../app/login/caller.ts'
import type { FleetHost } from '../../app/open-fleet.ts'
import { fileOf, openFleet } from '../../app/open-fleet.ts'
import { closeSecrets, secretsOf } from '../../app/open-secrets.ts'
import { decidedFor } from '../../app/policy/authority.ts'
import { findProject, type Project } from '../../app/project.ts'
import { noSeams } from '../../app/seams.ts'
import { clientCertificate } from '../../app/trust/trust-files.ts'
import type { InventoryDevice } from '../../inventory/inventory.ts'
import { EosflowError } from '../../model/error.ts'
import { colored, plain } from '../../report/style.ts'
import type { Secrets } from '../../secret/secrets.ts'
import { clockSections } from '../doctor/clock-points.ts'
import { commandRights } from '../doctor/command-rights.ts'
import { doctorText, healthsIn } from '../doctor/doctor-text.ts'
import { identitySections } from '../doctor/identity-points.ts'
import { installationSection } from '../doctor/installation.ts'
import { type Point, type Section, skipped } from '../doctor/point.ts'
import { inventoryOf, problemPoint, projectSection } from '../doctor/project-points.ts'
import { proveSwitches } from '../doctor/prove-switches.ts'
import { rightsText } from '../doctor/rights-text.ts'
import { storeSection } from '../doctor/store-points.ts'
import { readerPoint, switchSection } from '../doctor/switch-points.ts'
import type { Invocation } from '../io.ts'

/**
 * Looks at everything eosflow depends on, changes nothing, and says how to mend what is not as it should be. With `--prove` it tries
 * things on lab switches instead, and with `--rights` it prints what an AAA role needs.
 */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global, options } = invocation
  if (options.rights === true) return printRights(invocation)
  if (options.prove !== undefined) return proveSwitches(invocation)
  const { clock } = io.seams ?? noSeams
  const sections = [await installationSection(process.versions.node, clock), ...(await projectSections(invocation))]
  const code = healthsIn(sections).includes('failed') ? 10 : 0
  if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'doctor', sections, exitCode: code })}\n`)
  else {
    const next = code === 0 ? 'eosflow executions' : 'fix what failed, then eosflow doctor'
    io.out(`${doctorText(sections, io.color ? colored : plain)}\nNext: ${next}\n`)
  }
  return code
}

function printRights({ io, global }: Invocation): number {
  const rights = commandRights()
  io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'rights', rights })}\n` : `${rightsText(rights)}\n`)
  return 0
}

async function projectSections(invocation: Invocation): Promise<readonly Section[]> {
  const { io } = invocation
  const project = projectOf(invocation)
  if (project === undefined) {
    return [{ title: 'Project', points: [skipped('there is none here: eosflow init makes one, -C names one')] }]
  }
  if ('title' in project) return [project]
  const barred = await barredBy(project, invocation)
  const { insecureTls } = invocation.global
  const app: FleetHost = { ...io, insecureTls, project }
  const secrets = secretsOf(app, io)
  const readCertificate = (file: string): Promise<string> => clientCertificate(fileOf(project, file))
  try {
    const files = await projectSection(project, (source) => resolveCredential(source, { secrets, readCertificate }))
    const identity = await identitySections(project, io)
    if (barred !== undefined) return [files, ...identity, { title: 'Store and switches', points: [barred] }]
    return [await storeSection(project, io), files, ...identity, ...(await switchSections(invocation, app, secrets))]
  } finally {
    await closeSecrets(secrets, io)
  }
}

/** What keeps whoever is calling from looking at the store and the switches: a policy that does not let them, or no login. */
async function barredBy(project: Project, { io, options }: Invocation): Promise<Point | undefined> {
  const inventory = inventoryOf(project)
  if (!project.policyPresent || inventory === undefined) return undefined
  try {
    const { principal } = await callerOf(project, io, io)
    const devices = chosenDevices(inventory, options.target).map(({ name }) => name)
    const at = (io.seams ?? noSeams).clock.now()
    const { effect, reason } = decidedFor({ project }, { principal, at }, 'task.snapshot', { devices })
    return effect === 'allow' ? undefined : skipped(`not looked at: ${reason}`)
  } catch (error) {
    if (error instanceof InputError) return undefined
    if (error instanceof EosflowError) return skipped(`not looked at: ${error.message}`)
    throw error
  }
}

async function switchSections(
  { io, options }: Invocation,
  app: FleetHost,
  secrets: Secrets,
): Promise<readonly Section[]> {
  const inventory = inventoryOf(app.project)
  if (inventory === undefined) return []
  const chosen = chosenDevices(inventory, options.target)
  const fleet = openFleet(app, io, inventory, chosen, { secrets })
  const { clock } = io.seams ?? noSeams
  const examined: Examination[] = []
  const examine = async (device: InventoryDevice): Promise<Section> => {
    const found = await examineSwitch(fleet, device, clock)
    examined.push(found)
    const section = switchSection(found)
    const { readCredentials: reader } = device
    if (reader === undefined || reader === device.credentials) return section
    return {
      ...section,
      points: [...section.points, readerPoint(reader, await examineSwitch(fleet.as('read'), device, clock))],
    }
  }
  try {
    const sections = await Promise.all(chosen.map(examine))
    return [...sections, ...clockSections(examined)]
  } finally {
    await fleet.close()
  }
}

/** Settings that cannot be read are points of the project like all its files. */
function projectOf({ io, global }: Invocation): Project | Section | undefined {
  try {
    return findProject(io, global)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { title: 'Project', points: error.problems.map(problemPoint) }
  }
}
