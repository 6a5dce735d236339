import { posix } from 'node:path'
import { definedMembers, unlessEmpty } from '../../../model/json.ts'
import { type Project, projectOn } from '../../files/project.ts'
import { type ProjectGuard, projectGuard } from '../../files/project-guard.ts'
import { parseClaimedSettings } from '../../files/settings/settings.ts'
import { type WatchedTree, watchedTree } from '../../system/machine/watched-tree.ts'
import type { Host } from '../../system/process/host.ts'
import { orProblems } from '../../system/process/input-error.ts'
import { type Bundle, filesOf } from './read-bundle.ts'

type BundlePlace = Pick<Project, 'dir' | 'store' | 'database'>

const SETTINGS = 'eosflow.yaml'

/** Throws InputError. */
export function bundleProject(bundle: Bundle, { dir, store, database }: BundlePlace, host: Host): Project {
  const files = filesOf(bundle)
  const guard = projectGuard(dir, host)
  // A key of a feature that is not here takes nobody's policy away: nothing begins from these files, and what is live is restored.
  const read = parseClaimedSettings(files(SETTINGS) ?? '', SETTINGS, host.features, true)
  const { settings, unclaimed } = orProblems(read)
  return projectOn(
    {
      dir,
      store,
      ...definedMembers({ database, unclaimed: unlessEmpty(unclaimed) }),
      settings,
      features: host.features,
      files,
      stands: (path) => files(path) !== undefined,
      pathOf: (typed) => posix.normalize(typed),
      guard,
      sourceTree: () => bundleTree(bundle, dir, guard),
    },
    host,
  )
}

function bundleTree({ files, folders }: Bundle, dir: string, guard: ProjectGuard): WatchedTree {
  const disk = watchedTree(dir, [])
  return {
    file: (path) => files.get(posix.normalize(path)),
    folder: (path) => folders.get(posix.normalize(path)),
    outside: () => [],
    watch: (path) => {
      guard(path)
      disk.watch(path)
    },
    isSame: () => disk.isSame(),
  }
}
