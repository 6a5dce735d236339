import { posix } from 'node:path'
import { type BundleManifest, bundleDigest, readManifest } from '../../../change/record/bundle-manifest.ts'
import type { Artefacts } from '../../../change/record/store/journal.ts'
import type { BundleRecord, Store } from '../../../change/record/store/store.ts'
import { sha256 } from '../../../model/digest.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { type KeptPurpose, keptFilesOf, keptPurposeOf } from '../../../model/kept-workflow.ts'
import { short } from '../../../report/text/text.ts'
import type { Files } from '../../../text/source/files.ts'
import type { TreeEntry } from '../../../text/source/located.ts'
import type { RecordApp } from '../../app/app.ts'
import { commitFiles } from '../../files/git/commit-files.ts'
import type { Project } from '../../files/project.ts'
import { gitIn } from '../../system/machine/git.ts'
import type { Host } from '../../system/process/host.ts'
import { unreadableText } from '../../system/process/unreadable-text.ts'

export interface Bundle {
  readonly digest: string
  // The bytes of each file by its path from the project's root; a source of the inventory may lie outside of it.
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly folders: ReadonlyMap<string, readonly TreeEntry[]>
}

type BundleStore = Pick<Store, 'bundles'> & Pick<Artefacts, 'get'>

/** Throws `stale` where it or one of its files is not there, or not what its digest says. */
export async function readBundle(
  store: BundleStore,
  { bundle: digest, manifest }: Pick<BundleRecord, 'bundle' | 'manifest'>,
): Promise<Bundle> {
  const known = read.get(store)?.get(digest)
  if (known !== undefined) return known
  const list = await readList(store, digest, manifest)
  const files = new Map<string, Uint8Array>()
  for (const file of list.files) files.set(file.path, await readFile(store, digest, file))
  return kept(store, { digest, files, folders: foldersOf(list) })
}

/** What can be read of a bundle: a file that is not there, or not what its digest says, throws `stale` when it is asked for. Throws `stale` where the list of the files is so. */
export async function readPartly(
  store: BundleStore,
  { bundle: digest, manifest }: Pick<BundleRecord, 'bundle' | 'manifest'>,
): Promise<Bundle> {
  const list = await readList(store, digest, manifest)
  const files = new PartlyRead()
  for (const file of list.files)
    await readFile(store, digest, file).then(
      (bytes) => files.set(file.path, bytes),
      (error: unknown) => files.faults.set(file.path, error),
    )
  return { digest, files, folders: foldersOf(list) }
}

class PartlyRead extends Map<string, Uint8Array> {
  readonly faults = new Map<string, unknown>()

  override get(path: string) {
    if (this.faults.has(path)) throw this.faults.get(path)
    return super.get(path)
  }
}

async function readList(store: BundleStore, digest: string, manifest: string) {
  const list = readManifest(await readable(store, manifest, `the bundle ${short(digest)}`))
  if (bundleDigest(list) !== digest) throw altered(`the bundle ${short(digest)} is not what its digest says`)
  return list
}

async function readFile(
  store: BundleStore,
  digest: string,
  file: BundleManifest['files'][number],
): Promise<Uint8Array> {
  const name = `${file.path} of the bundle ${short(digest)}`
  const text = await readable(store, file.ref, name)
  if (sha256(text) !== file.digest) throw altered(`${name} is not what its digest says`)
  return Buffer.from(text)
}

function foldersOf({ folders }: BundleManifest): Bundle['folders'] {
  return new Map(folders.map(({ path, entries }) => [path, entries]))
}

/** Throws `stale` where none was published, and as {@link readBundle}. */
export async function bundleNamed(store: BundleStore, digest: string): Promise<Bundle> {
  const known = read.get(store)?.get(digest)
  if (known !== undefined) return known
  const record = (await store.bundles()).find(({ bundle }) => bundle === digest)
  if (record !== undefined) return readBundle(store, record)
  throw new EosflowError('stale', `no bundle ${short(digest)} was published here`, {
    hint: 'Publish the files once more, and plan again.',
  })
}

export function filesOf({ digest, files }: Bundle): Files {
  return Object.assign((path: string) => files.get(posix.normalize(path)), {
    why: () => 'missing' as const,
    bundle: digest,
  })
}

/** Throws as {@link bundleNamed}. */
export async function bundleFiles(store: BundleStore, digest: string): Promise<Files> {
  return filesOf(await bundleNamed(store, digest))
}

const MOST_KEPT = 8

// What was read under a digest never changes.
const read = new WeakMap<BundleStore, Map<string, Bundle>>()

function kept(store: BundleStore, bundle: Bundle) {
  const known = read.get(store) ?? new Map<string, Bundle>()
  read.set(store, known)
  const [oldest] = known.keys()
  if (known.size >= MOST_KEPT && oldest !== undefined) known.delete(oldest)
  known.set(bundle.digest, bundle)
  return bundle
}

async function readable(store: Pick<Artefacts, 'get'>, ref: string, name: string) {
  try {
    return await store.get(ref)
  } catch (cause) {
    throw unreadableText(`${name} was altered or is missing`, cause, AGAIN)
  }
}

const AGAIN =
  'Change that file, if only by a comment, and publish; or restore the store from a backup. Reading, stopping and freezing go on without it.'

function altered(message: string, cause?: unknown) {
  return new EosflowError('stale', message, { hint: AGAIN, cause })
}

/** Settings, policy, trusted keys and inventory are those of the folder: whoever can push would give themselves rights otherwise. */
export async function projectAt(
  { env }: Pick<Host, 'env'>,
  project: Project,
  commit: string | undefined,
): Promise<Project> {
  if (commit === undefined) return project
  try {
    return withFiles(project, await commitFiles(gitIn(project.dir, env), commit))
  } catch (error) {
    if (!(error instanceof EosflowError)) throw error
    return withFiles(
      project,
      Object.assign(() => undefined, { why: () => 'unreadable-commit' as const, commit }),
    )
  }
}

export async function appAt<A extends RecordApp>(app: A, commit: string | undefined): Promise<A> {
  return commit === undefined ? app : { ...app, project: await projectAt(app, app.project, commit) }
}

export function withFiles(project: Project, files: Files): Project {
  const { inventory, policy } = project.settings
  const own = ['eosflow.yaml', inventory, policy].map((path) => posix.normalize(path))
  const isOfFolder = (path: string) => {
    const plain = posix.normalize(path)
    return own.includes(plain) || plain.startsWith('trust/')
  }
  const pick = (path: string) => (isOfFolder(path) ? project.files : files)
  const { commit, bundle } = files
  const { rotated } = project.files
  return {
    ...project,
    files: Object.assign((path: string) => pick(path)(path), {
      why: (path: string) => pick(path).why?.(path) ?? 'missing',
      ...definedMembers({ commit, bundle, rotated }),
    }),
  }
}

interface KeptFiles {
  readonly version: 1
  readonly files: Readonly<Record<string, string>>
}

const WORKFLOW = 'workflow.yaml'

export async function keepFiles(
  app: RecordApp,
  purpose: Exclude<KeptPurpose, 'rollback'>,
  workflow: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const kept: KeptFiles = { version: 1, files: { ...files, [WORKFLOW]: workflow } }
  return `${purpose}/${await app.store.put(JSON.stringify(kept))}/${WORKFLOW}`
}

/** The application, where the kept files of a workflow lie beside those of the project; undefined for every other workflow. Throws `stale`. */
export async function keptApp<A extends RecordApp>(app: A, path: string): Promise<A | undefined> {
  const purpose = keptPurposeOf(path)
  const ref = keptFilesOf(path)
  if (ref === undefined || purpose === undefined || purpose === 'rollback') return undefined
  const { files } = await keptAt(app, ref, purpose)
  const folder = path.slice(0, -WORKFLOW.length)
  const { project } = app
  const filed = (file: string) => (file.startsWith(folder) ? files[file.slice(folder.length)] : project.files(file))
  const { bundle } = project.files
  return { ...app, project: { ...project, files: Object.assign(filed, bundle === undefined ? {} : { bundle }) } }
}

async function keptAt(app: RecordApp, ref: string, purpose: KeptPurpose) {
  try {
    return JSON.parse(await app.store.get(ref)) as KeptFiles
  } catch (cause) {
    throw unreadableText(`the files of the ${purpose} were altered or are missing`, cause)
  }
}
