import type { CredentialSource } from '../../change/inventory/credentials.ts'
import type { Inventory } from '../../change/inventory/inventory.ts'
import { EosflowError } from '../../model/error.ts'
import type { DoctorSection } from '../../report/doctor/point.ts'
import { credentialFault, credentialPoint, problemPoint, validPoint } from '../../report/doctor/switch-points.ts'
import { inventoryOf } from '../authoring/validate/settings-in-project.ts'
import { validateFile } from '../authoring/validate/validate-file.ts'
import { filesOf } from '../files/files-of-project.ts'
import type { Project } from '../files/project.ts'
import type { WorkflowTests } from '../files/workflow-tests.ts'
import { referencesOf } from '../switches/inventory/inventory-logins.ts'
import type { WordedHost } from '../system/process/host.ts'
import { problemText } from '../system/process/input-error.ts'

export type ResolveCredential = (source: CredentialSource) => Promise<unknown>

export async function projectSection(
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
