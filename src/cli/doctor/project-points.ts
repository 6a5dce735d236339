import { InputError } from '../../app/input-error.ts'
import { referencesOf } from '../../app/inventory-logins.ts'
import type { Project } from '../../app/project.ts'
import type { CredentialSource } from '../../inventory/credentials.ts'
import type { Inventory } from '../../inventory/inventory.ts'
import { EosflowError } from '../../model/error.ts'
import type { Problem } from '../../model/problem.ts'
import { count } from '../../report/count.ts'
import { filesOf } from '../command/validate.ts'
import { validateFile } from '../validation.ts'
import { failed, good, type Point, type Section } from './point.ts'

/** Resolves one credential; throws EosflowError `secret`. */
export type ResolveCredential = (source: CredentialSource) => Promise<unknown>

/** Whether every file of the project is as it should be, and every credential that a switch uses can be had. */
export async function projectSection(project: Project, resolve: ResolveCredential): Promise<Section> {
  const validations = filesOf(project).map((path) => validateFile(path, project))
  const problems = validations.flatMap((one) => one.problems)
  const files =
    problems.length === 0 ? [good(`${count(validations.length, 'file')}, all valid`)] : problems.map(problemPoint)
  const inventory = inventoryOf(project)
  const credentials = inventory === undefined ? [] : await credentialPoints(inventory, resolve)
  return { title: 'Project', points: [...files, ...credentials] }
}

/** The switches of the project, when its inventory is good: its problems are told where it is judged. */
export function inventoryOf(project: Project): Inventory | undefined {
  try {
    return project.inventory()
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
}

/** A problem of a file as a point. */
export function problemPoint({ at, message, hint }: Problem): Point {
  return failed(`${at.file}:${at.line}:${at.column}: ${message}`, hint ?? 'eosflow validate')
}

async function credentialPoints(inventory: Inventory, resolve: ResolveCredential): Promise<readonly Point[]> {
  const used = new Set(
    inventory.devices.flatMap(({ credentials, readCredentials = credentials }) => [credentials, readCredentials]),
  )
  const sources = Object.entries(inventory.credentials).filter(([name]) => used.has(name))
  return Promise.all(sources.map(([name, source]) => credentialPoint(name, source, resolve)))
}

async function credentialPoint(name: string, source: CredentialSource, resolve: ResolveCredential): Promise<Point> {
  try {
    await resolve(source)
    const from = referencesOf(source)
    const where = from.length === 0 ? 'the inventory (simulated switches)' : [...new Set(from)].join(' and ')
    return good(`credential ${name}: user ${source.username}, from ${where}`)
  } catch (error) {
    if (!(error instanceof EosflowError)) throw error
    return failed(`credential ${name}: ${error.message}`, error.hint ?? 'Correct it in the inventory.')
  }
}
