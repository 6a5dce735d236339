import type { Host } from '../system/process/host.ts'
import type { ProjectPlace } from './project.ts'
import { projectFolder } from './project-folder.ts'
import { openAllVaults } from './sources/vault-knowledge.ts'

// Opening a value takes milliseconds, and a project may hold hundreds.
const WITHOUT: readonly string[] = [
  ...[
    'init',
    'demo',
    'trust project',
    'validate',
    'schema',
    'completion',
    'login',
    'logout',
    'test',
    'rehearse',
    'inventory read',
  ],
  ...['sim start', 'sim status', 'sim fault'],
]

/** Makes every secret that the sources of an inventory hold known to the scrubber, as far as passwords are at hand: a switch or the record may repeat a value that this command does not read. */
export async function knowVaults(host: Host, place: ProjectPlace, usage: string): Promise<void> {
  if (WITHOUT.includes(usage.replace(/ [[<].*/, ''))) return
  if (place.project === undefined && projectFolder(host.cwd) === undefined) return
  openAllVaults(host.scrubber)
  const { findProject } = await import('./project.ts')
  try {
    const project = findProject(host, place)
    const inventory = Buffer.from(project?.files(project.settings.inventory) ?? '').toString()
    if (/\bansible\b/.test(inventory)) project?.inventory()
  } catch {
    // Whatever is wrong with the project the command itself says.
  }
}
