import type { SourceReading } from '../../../change/inventory/source/source-reading.ts'
import type { SourceSettings } from '../../../change/inventory/source/source-settings.ts'
import type { Place, ValueOrProblems } from '../../../model/problem.ts'
import { ansiblePaths, readAnsibleSource } from './read-ansible-source.ts'
import { readFileSource } from './read-file-source.ts'
import { readKeptSource } from './read-kept-source.ts'
import type { SourcePorts } from './source-ports.ts'

/** Reads one source. Contacts nothing. `at`: where `inventory.yaml` names it. */
export function readSource(settings: SourceSettings, at: Place, ports: SourcePorts): ValueOrProblems<SourceReading> {
  if ('ansible' in settings) return readAnsibleSource(settings, at, ports)
  if ('netbox' in settings || 'nautobot' in settings || 'exec' in settings) return readKeptSource(settings, at, ports)
  return readFileSource(settings, at, ports.tree)
}

/** The paths that a source names, from the project's root; none for one that has to be asked. */
export function pathsOf(settings: SourceSettings): readonly string[] {
  if ('ansible' in settings)
    return [...ansiblePaths(settings), ...(settings.playbooks === undefined ? [] : [settings.playbooks])]
  if ('nornir' in settings) return Object.values(settings.nornir).filter((path) => path !== undefined)
  if ('anta' in settings) return [settings.anta]
  if ('containerlab' in settings) return [settings.containerlab]
  if ('csv' in settings) return [settings.csv.file]
  if ('netbox' in settings || 'nautobot' in settings || 'exec' in settings) return []
  return settings satisfies never
}
