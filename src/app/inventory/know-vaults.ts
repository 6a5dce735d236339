import type { Host } from '../host.ts'
import { findProject, type Place } from '../project.ts'
import { openAllVaults } from './vault-knowledge.ts'

/**
 * Commands that print nothing of a switch and nothing that was stored. Opening a value takes milliseconds, and a project may hold
 * hundreds.
 */
const WITHOUT: readonly string[] = [
  ...['init', 'demo', 'validate', 'schema', 'completion', 'login', 'logout', 'test', 'rehearse', 'inventory read'],
  ...['sim start', 'sim status', 'sim fault'],
]

/**
 * Makes every secret that the sources of an inventory hold known to the scrubber, as far as passwords are at hand: a switch or the
 * record may repeat a value that this command does not read. Every reading of the inventory in this process does so from now on.
 */
export function knowVaults(host: Host, place: Place, usage: string): void {
  if (WITHOUT.includes(usage.replace(/ [[<].*/, ''))) return
  openAllVaults(host.scrubber)
  try {
    const project = findProject(host, place)
    const inventory = Buffer.from(project?.files(project.settings.inventory) ?? '').toString()
    if (/\bansible\b/.test(inventory)) project?.inventory()
  } catch {
    // Whatever is wrong with the project the command itself says.
  }
}
