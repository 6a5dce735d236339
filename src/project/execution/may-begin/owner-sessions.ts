import { problemOf } from '../../../model/problem.ts'
import type { RecordApp } from '../../app/app.ts'
import { InputError } from '../../system/process/input-error.ts'

/**
 * Throws InputError, with each switch, where the settings want owner sessions and a switch is reached over SSH: each line is typed for itself there,
 * so that a late one finds nothing before it that could fail (ADR 84).
 */
export function requireOwnerSessions({ project }: Pick<RecordApp, 'project'>, targets: readonly string[]): void {
  if (!project.settings.ownerSession) return
  const { file, devices } = project.inventory()
  const typed = devices.filter(({ name, transport }) => transport === 'ssh' && targets.includes(name))
  const [first, ...others] = typed.map(({ name }) =>
    problemOf(
      file,
      'owner-session-over-ssh',
      `\`${name}\` is reached over SSH, which cannot heed an owner session`,
      'reach it over eAPI (`transport: eapi`), or switch `ownerSession` off in eosflow.yaml',
    ),
  )
  if (first !== undefined) throw new InputError([first, ...others])
}
