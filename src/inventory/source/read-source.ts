import type { Checked, Place } from '../../model/problem.ts'
import { refuse } from '../../source/checked.ts'
import { readAnsibleSource } from './read-ansible-source.ts'
import type { SourcePorts } from './source-ports.ts'
import type { SourceReading } from './source-reading.ts'
import type { SourceSettings } from './source-settings.ts'

/** Reads one source. Contacts nothing. `at`: where `inventory.yaml` names it. */
export function readSource(settings: SourceSettings, at: Place, ports: SourcePorts): Checked<SourceReading> {
  if ('ansible' in settings) return readAnsibleSource(settings, at, ports)
  return refuse({ code: 'inventory-source', message: 'this source is not read yet', at })
}

/** The paths that a source names, from the project's root. */
export function pathsOf(settings: SourceSettings): readonly string[] {
  if ('ansible' in settings) return typeof settings.ansible === 'string' ? [settings.ansible] : settings.ansible
  if ('nornir' in settings) return Object.values(settings.nornir).filter((path) => path !== undefined)
  if ('anta' in settings) return [settings.anta]
  if ('containerlab' in settings) return [settings.containerlab]
  return [settings.csv.file]
}
