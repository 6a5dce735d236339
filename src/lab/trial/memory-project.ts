import { type Project, projectOn } from '../../project/files/project.ts'
import { parseSettings } from '../../project/files/settings/settings.ts'
import type { Host } from '../../project/system/process/host.ts'
import { orProblems } from '../../project/system/process/input-error.ts'

const SETTINGS = 'eosflow.yaml'

/** Throws InputError. */
export function memoryProject(
  texts: ReadonlyMap<string, string>,
  host: Pick<Host, 'features' | 'scrubber' | 'words'>,
): Project {
  return projectOn(
    {
      dir: '/',
      settings: orProblems(parseSettings(texts.get(SETTINGS) ?? '', SETTINGS, host.features)),
      features: host.features,
      store: ':memory:',
      files: (path) => texts.get(path),
      stands: (path) => texts.has(path),
      pathOf: (typed) => typed,
      guard: () => undefined,
    },
    host,
  )
}
