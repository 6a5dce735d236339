import { posix } from 'node:path'
import { type BundleManifest, bundleDigest, readManifest } from '../../../change/record/bundle-manifest.ts'
import type { Artefacts } from '../../../change/record/store/journal.ts'
import type { BundleRecord, Store } from '../../../change/record/store/store.ts'
import { sha256 } from '../../../model/digest.ts'
import { EosflowError } from '../../../model/error.ts'
import { short } from '../../../report/text/count.ts'
import type { Files } from '../../../text/source/files.ts'
import type { TreeEntry } from '../../../text/source/tree.ts'
import { unreadableText } from '../../system/process/unreadable-text.ts'

export interface Bundle {
  readonly digest: string
  /** The bytes of each file by its path from the project's root; a source of the inventory may lie outside of it. */
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly folders: ReadonlyMap<string, readonly TreeEntry[]>
}

export type BundleStore = Pick<Store, 'bundles'> & Pick<Artefacts, 'get'>

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
