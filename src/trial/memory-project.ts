import type { Host } from '../app/host.ts'
import { orProblems } from '../app/input-error.ts'
import { type Project, projectOn } from '../app/project/project.ts'
import { parseSettings } from '../inventory/settings.ts'

/** The file of a project's settings. */
const SETTINGS = 'eosflow.yaml'

/** A project whose files are in memory, by their paths from its root. A file that is added later is found. Throws InputError. */
export function memoryProject(texts: ReadonlyMap<string, string>, host: Pick<Host, 'scrubber' | 'words'>): Project {
  return projectOn(
    {
      dir: '/',
      settings: orProblems(parseSettings(texts.get(SETTINGS) ?? '', SETTINGS)),
      store: ':memory:',
      files: (path) => texts.get(path),
      stands: (path) => texts.has(path),
      pathOf: (typed) => typed,
      guard: () => undefined,
    },
    host,
  )
}
