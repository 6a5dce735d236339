import { join, posix } from 'node:path'
import type { BundleFolder } from '../../../change/record/bundle-manifest.ts'
import type { Workflow } from '../../../change/workflow/definition/workflow.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Tree } from '../../../text/source/located.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { filesOf } from '../../files/files-of-project.ts'
import { openProject, type Project, type ProjectGround, pathFrom } from '../../files/project.ts'
import { isInProject } from '../../files/project-text.ts'
import type { Settings } from '../../files/settings/settings.ts'
import type { WorkflowTests } from '../../files/workflow-tests.ts'
import { takenInStore } from '../../plan/taken-forms.ts'
import { realOrSame } from '../../system/machine/watched-tree.ts'
import type { Host } from '../../system/process/host.ts'
import { filesOfInventory, filesOfSettings } from '../validate/named-files.ts'
import { validateFiles } from '../validate/validate-files.ts'

/** What was collected of a project: each file with its bytes, and the folders that the sources of its inventory were looked for in. */
export interface CollectedFiles {
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly folders: readonly BundleFolder[]
  readonly project: Project
}

// So many files, and so many bytes of them, may a bundle have: they are kept in memory while a change runs.
const MOST_FILES = 20_000
const MOST_BYTES = 64 * 1_048_576

/** Collects what a worker needs of a project: whatever is read while all of it is judged as `validate` does, and every file of the folders that changes are made from, because which of them a switch needs is known when it is planned. `also`: workflows that lie elsewhere. */
export async function collect(
  host: Host & Pick<ProjectStore, 'notes'>,
  from: Project,
  also: readonly string[],
  tests: WorkflowTests,
): Promise<CollectedFiles> {
  const { files, folders, through } = recording()
  const project = openProject(host, { project: from.dir, store: from.store }, through)
  const paths = [...filesOf(project, { ...tests, filesOf: () => [] }), ...workflowsOf(project.settings), ...also]
  const validating = { project, tests, words: host.words.bind(host) }
  const validations = await validateFiles([...new Set(paths)], validating, takenInStore(host))
  project.policy()
  for (const file of [...filesOfSettings(project.settings), ...filesOfInventory(project.inventory(), () => true)])
    project.files(file)
  const tree = openTree(from, host)
  for (const { workflow } of validations) {
    for (const folder of workflow === undefined ? [] : foldersOf(workflow)) walk(tree, folder, files)
  }
  const kept = [...files].filter(([path]) => mayLeave(path, project)).sort(([a], [b]) => (a < b ? -1 : 1))
  requireSize(kept)
  const listed = [...folders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, entries]) => ({ path, entries }))
  return { files: new Map(kept), folders: listed, project }
}

function recording() {
  const files = new Map<string, Uint8Array>()
  const folders = new Map<string, BundleFolder['entries']>()
  type Read = (path: string) => string | Uint8Array | undefined
  const once = (read: Read): ((path: string) => Uint8Array | undefined) => {
    const known = new Map<string, Uint8Array | undefined>()
    return (path) => {
      const name = posix.normalize(path)
      if (known.has(name)) return known.get(name)
      const content = read(path)
      // What is read in both ways is as it was read first.
      const kept = content === undefined ? undefined : (files.get(name) ?? Buffer.from(content))
      if (kept !== undefined) files.set(name, kept)
      known.set(name, kept)
      return kept
    }
  }
  const through = (ground: ProjectGround): ProjectGround => ({
    ...ground,
    files: Object.assign(once(ground.files), ground.files),
    sourceTree: (paths) => {
      const tree = ground.sourceTree?.(paths)
      if (tree === undefined) throw new EosflowError('bug', 'a folder has no files of sources')
      return {
        ...tree,
        file: once((path) => tree.file(path)),
        folder: (path) => {
          const name = posix.normalize(path)
          const entries = folders.get(name) ?? tree.folder(path)
          if (entries !== undefined) folders.set(name, entries)
          return entries
        },
      }
    },
  })
  return { files, folders, through }
}

function openTree(from: Project, host: Host) {
  let tree: Tree | undefined
  openProject(host, { project: from.dir, store: from.store }, (ground) => {
    tree = ground.sourceTree?.([])
    return ground
  })
  return tree ?? { file: () => undefined, folder: () => undefined }
}

function workflowsOf({ events, schedules }: Settings) {
  return [
    ...events.flatMap(({ workflow, commit }) => (workflow === '' || commit !== undefined ? [] : [workflow])),
    ...schedules.flatMap(({ workflow }) => workflow ?? []),
  ]
}

function foldersOf({ file, change: { source } }: Workflow) {
  if (source.from === 'lines') return []
  const constant = source.from === 'template' ? source.path : (source.path.split('{', 1)[0] ?? '')
  const folder = constant.endsWith('/') ? constant : posix.dirname(constant)
  const found = [posix.join(posix.dirname(file), folder), posix.normalize(folder)].map((path) =>
    path.replace(/\/$/, ''),
  )
  return found.filter((path) => path !== '.' && path !== '' && isInProject(path))
}

function walk(tree: Tree, folder: string, files: Map<string, Uint8Array>) {
  for (const { name, kind } of tree.folder(folder) ?? []) {
    const path = `${folder}/${name}`
    if (name.startsWith('.') || /~$|\.test\.ya?ml$/.test(name)) continue
    if (kind === 'folder') walk(tree, path, files)
    else if (!files.has(path)) {
      const content = tree.file(path)
      if (content !== undefined) files.set(path, content)
    }
    requireFew(files.size)
  }
}

// The store, its keys and kept answers never leave a machine in a bundle, by whatever name they are reached.
function mayLeave(path: string, { dir, store }: Project) {
  const isKept = (name: string, kept: string) => {
    const around = posix.dirname(kept)
    const isOfStore = name.startsWith(kept) || (around !== '.' && name.startsWith(`${around}/`))
    return isOfStore || name.split('/').some((step) => step === '.eosflow' || step === '.git')
  }
  const [root, meant] = [realOrSame(dir), realOrSame(join(dir, path))]
  return !isKept(path, pathFrom(dir, store)) && !isKept(pathFrom(root, meant), pathFrom(root, realOrSame(store)))
}

function requireFew(count: number) {
  if (count <= MOST_FILES) return
  throw new EosflowError('guard', `the project has more than ${MOST_FILES.toLocaleString('en')} files to publish`, {
    hint: 'Give templates and intended configurations folders of their own: all of such a folder is published.',
  })
}

function requireSize(files: readonly (readonly [string, Uint8Array])[]) {
  requireFew(files.length)
  const bytes = files.reduce((sum, [, { length }]) => sum + length, 0)
  if (bytes <= MOST_BYTES) return
  throw new EosflowError(
    'guard',
    `the project has ${Math.ceil(bytes / 1_048_576)} MiB to publish, and ${MOST_BYTES / 1_048_576} MiB are taken`,
  )
}
