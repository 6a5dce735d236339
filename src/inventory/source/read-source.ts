import type { Checked, Place } from '../../model/problem.ts'
import { refuse } from '../../source/checked.ts'
import type { Tree } from '../../source/tree.ts'
import type { SourceReading } from './source-reading.ts'
import type { SourceSettings } from './source-settings.ts'

/** What sources are read with. */
export interface SourcePorts {
  /** The files of the project, and those that a source names outside of it. */
  readonly tree: Tree
  /** The password behind a reference, or why it is not at hand. */
  readonly password: (reference: string) => { readonly secret: string } | { readonly why: string }
  /** Hears every value that comes out of a vault, before anybody else. */
  readonly decrypted: (value: string, at: Place) => void
}

/** Reads one source. Contacts nothing. `at`: where `inventory.yaml` names it. */
export function readSource(settings: SourceSettings, at: Place, ports: SourcePorts): Checked<SourceReading> {
  return refuse({
    code: 'inventory-source',
    message: `this source is not read yet ${Object.keys(settings)} ${Object.keys(ports)}`,
    at,
  })
}

/** The paths that a source names, from the project's root. */
export function pathsOf(settings: SourceSettings): readonly string[] {
  if ('ansible' in settings) return typeof settings.ansible === 'string' ? [settings.ansible] : settings.ansible
  if ('nornir' in settings) return Object.values(settings.nornir).filter((path) => path !== undefined)
  if ('anta' in settings) return [settings.anta]
  if ('containerlab' in settings) return [settings.containerlab]
  return [settings.csv.file]
}
