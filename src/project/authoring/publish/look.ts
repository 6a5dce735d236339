import { type BundleManifest, readManifest } from '../../../change/record/bundle-manifest.ts'
import type { BundleRecord } from '../../../change/record/store/store.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { sha256 } from '../../../model/digest.ts'
import type { BundleDifference, ListedBundle, ShownBundle } from '../../../report/bundle.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import type { RecordApp } from '../../app/app.ts'
import type { WorkflowTests } from '../../files/workflow-tests.ts'
import { bundleNamed } from '../../history/bundle/read-bundle.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import { inputError } from '../../system/process/input-error.ts'
import { collect } from './collect.ts'

/** Every published bundle, newest first. Throws `not-authorised`. */
export async function listBundles(app: RecordApp, caller: SilentCaller): Promise<readonly ListedBundle[]> {
  await requireAllowed(app, caller, 'audit.read')
  return (await app.store.bundles()).map(listed)
}

/** Without `word` the newest. Throws InputError, `stale`, `not-authorised`. */
export async function showBundle(app: RecordApp, caller: SilentCaller, word: string | undefined): Promise<ShownBundle> {
  await requireAllowed(app, caller, 'audit.read')
  const record = await recordNamed(app, word)
  await bundleNamed(app.store, record.bundle)
  const { files } = await manifestOf(app, record)
  return { ...listed(record), paths: files.map(({ path, digest }) => ({ path, digest })) }
}

/** What differs between two bundles; without `to` between one and the folder, as it would be published. Throws as {@link showBundle} and as collecting does. */
export async function diffBundles(
  app: RecordApp,
  caller: SilentCaller,
  { from, to }: { readonly from?: string; readonly to?: string },
  tests: WorkflowTests,
): Promise<BundleDifference> {
  await requireAllowed(app, caller, 'audit.read')
  const first = await recordNamed(app, from)
  const before = digests(await manifestOf(app, first))
  if (to === undefined) {
    const { files } = await collect(app, app.project, [], tests)
    const now = new Map([...files].map(([path, content]) => [path, sha256(Buffer.from(content).toString('utf8'))]))
    return { from: first.bundle, ...compared(before, now) }
  }
  const second = await recordNamed(app, to)
  return { from: first.bundle, to: second.bundle, ...compared(before, digests(await manifestOf(app, second))) }
}

function listed({ bundle, files, at, principal, version, reason }: BundleRecord): ListedBundle {
  return { bundle, files, at, by: principal.id, tool: version, ...definedMembers({ reason }) }
}

async function recordNamed({ store }: Pick<RecordApp, 'store'>, word: string | undefined): Promise<BundleRecord> {
  const all = await store.bundles()
  const hex = (word ?? '').replace(/^sha256:/, '')
  const found = word === undefined ? all.slice(0, 1) : all.filter(({ bundle }) => bundle.startsWith(`sha256:${hex}`))
  const [record] = found
  if (record !== undefined && new Set(found.map(({ bundle }) => bundle)).size === 1) return record
  const message = record === undefined ? 'there is no such bundle' : 'several bundles begin so'
  throw inputError(word ?? 'bundle', 'no-such-bundle', message, 'The list of bundles has their digests.')
}

async function manifestOf({ store }: Pick<RecordApp, 'store'>, { manifest }: BundleRecord) {
  return readManifest(await store.get(manifest))
}

function digests({ files }: BundleManifest): ReadonlyMap<string, string> {
  return new Map(files.map(({ path, digest }) => [path, digest]))
}

function compared(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Pick<BundleDifference, 'added' | 'removed' | 'changed'> {
  return {
    added: [...after.keys()].filter((path) => !before.has(path)),
    removed: [...before.keys()].filter((path) => !after.has(path)),
    changed: [...after].flatMap(([path, digest]) => (before.has(path) && before.get(path) !== digest ? [path] : [])),
  }
}
