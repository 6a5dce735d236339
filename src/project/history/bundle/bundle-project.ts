import { posix } from 'node:path'
import { type Project, projectOn } from '../../files/project.ts'
import { type ProjectGuard, projectGuard } from '../../files/project-guard.ts'
import { parseSettings } from '../../files/settings/settings.ts'
import { type WatchedTree, watchedTree } from '../../system/machine/watched-tree.ts'
import type { Host } from '../../system/process/host.ts'
import { orProblems } from '../../system/process/input-error.ts'
import { type Bundle, filesOf } from './read-bundle.ts'

/** Where a process is that works with a bundle: its folder, and its store. */
export type BundlePlace = Pick<Project, 'dir' | 'store' | 'database'>

/** The name of the settings of a project. */
const SETTINGS = 'eosflow.yaml'

/**
 * A project that is wholly of one bundle. Folder and store are those of this process: answers of sources are kept in that folder, and nothing
 * else is read there. Throws InputError.
 */
export function bundleProject(bundle: Bundle, { dir, store, database }: BundlePlace, host: Host): Project {
  const files = filesOf(bundle)
  const guard = projectGuard(dir, host)
  return projectOn(
    {
      dir,
      store,
      ...(database === undefined ? {} : { database }),
      settings: orProblems(parseSettings(files(SETTINGS) ?? '', SETTINGS)),
      files,
      stands: (path) => files(path) !== undefined,
      pathOf: (typed) => posix.normalize(typed),
      guard,
      sourceTree: () => bundleTree(bundle, dir, guard),
    },
    host,
  )
}

/** The files and folders of a bundle, as sources of an inventory are read from them. What is only minded is a kept answer, which is on this machine's disk. */
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
