import { join, posix } from 'node:path'
import {
  type BundleFolder,
  type BundleManifest,
  bundleDigest,
  readManifest,
} from '../../../change/record/bundle-manifest.ts'
import type { EventBody } from '../../../change/record/event/event.ts'
import type { BundleRecord } from '../../../change/record/store/store.ts'
import type { Workflow } from '../../../change/workflow/definition/workflow.ts'
import { sha256 } from '../../../model/digest.ts'
import { EosflowError, type Problem, problemOf } from '../../../model/error.ts'
import { HIDDEN_CHARACTER } from '../../../model/hidden-character.ts'
import { definedMembers } from '../../../model/json.ts'
import { VERSION } from '../../../model/version.ts'
import type { BundleDifference, ListedBundle, PublishedBundle, ShownBundle } from '../../../report/bundle.ts'
import { visibleLine } from '../../../report/text/text.ts'
import type { Tree } from '../../../text/source/located.ts'
import {
  type DecisionOfPolicy,
  demandedPolicy,
  newPolicy,
  policyNow,
  requireAllowed,
} from '../../access/policy/authority.ts'
import type { App, RecordApp } from '../../app/app.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { filesOf } from '../../files/files-of-project.ts'
import { openProject, type Project, type ProjectGround, pathFrom } from '../../files/project.ts'
import { isInProject } from '../../files/project-text.ts'
import type { Settings } from '../../files/settings/settings.ts'
import type { WorkflowTests } from '../../files/workflow-tests.ts'
import { published } from '../../history/bundle/published.ts'
import { bundleNamed, readBundle } from '../../history/bundle/read-bundle.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import { takenInStore } from '../../plan/taken-forms.ts'
import type { Scrubber } from '../../secret/scrubber.ts'
import { realOrSame } from '../../system/machine/watched-tree.ts'
import type { Host } from '../../system/process/host.ts'
import { InputError, inputError } from '../../system/process/input-error.ts'
import { filesOfInventory, filesOfSettings } from '../validate/named-files.ts'
import { validateFiles } from '../validate/validate-files.ts'

const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9 ]+ )?PRIVATE KEY-----/

/** Why files may not be published, each by its name and line: their names mislead, or they hold a secret that this process knows, a private key, or no UTF-8 text. */
export function unpublishable({ files }: Pick<CollectedFiles, 'files'>, scrubber: Scrubber): readonly Problem[] {
  const known = secretsOf(scrubber)
  const misnamed = misleadingNames([...files.keys()])
  const held = [...files].flatMap(([path, content]) => {
    const bytes = Buffer.from(content)
    const text = bytes.toString('utf8')
    if (!Buffer.from(text).equals(bytes))
      return [
        problemOf(
          path,
          'not-utf-8',
          'the file is no UTF-8 text, and nothing else is published',
          'Convert it, or move it out of the folders that are published.',
        ),
      ]
    const lines = text.split('\n')
    const key = lines.findIndex((line) => PRIVATE_KEY.test(line))
    const clean = scrubber.scrub(text)
    const secret = clean === text ? -1 : firstOther(lines, clean.split('\n'))
    const name = known.find(([value]) => text.includes(value))?.[1] ?? 'a secret that this process knows'
    return [
      ...(key < 0 ? [] : [problem(path, key, 'private-key', 'the file holds a private key')]),
      ...(secret < 0 ? [] : [problem(path, secret, 'secret-in-bundle', `the file holds the value of ${name}`)]),
    ]
  })
  return [...misnamed, ...held]
}

function misleadingNames(paths: readonly string[]) {
  const spelt = new Map<string, string>()
  return paths.flatMap((path) => {
    if (HIDDEN_CHARACTER.test(path)) {
      const message = 'the name of the file has a character that nobody sees, or that moves what is seen'
      return [problemOf(visibleLine(path), 'hidden-in-name', message, 'Rename it.')]
    }
    const steps = path.split('/').map((_, index, all) => all.slice(0, index + 1).join('/'))
    const other = steps.flatMap((step) => {
      const key = step.normalize('NFKC').toLowerCase()
      const known = spelt.get(key) ?? step
      spelt.set(key, known)
      return known === step ? [] : [known]
    })[0]
    if (other === undefined) return []
    const message = `its name and that of ${other} differ in nothing but case, or in how Unicode writes a letter`
    return [problemOf(path, 'alike-names', message, 'Rename one of them: some disks hold only one.')]
  })
}

function problem(file: string, index: number, code: string, message: string): Problem {
  const hint =
    'Write a reference (env, file, exec or vault) in place of the value: what is published is read by every worker.'
  return { code, message, at: { file, line: index + 1, column: 1 }, hint }
}

function firstOther(lines: readonly string[], clean: readonly string[]) {
  return Math.max(
    lines.findIndex((line, index) => line !== clean[index]),
    0,
  )
}

function secretsOf(scrubber: Scrubber): readonly (readonly [string, string])[] {
  const known: (readonly [string, string])[] = []
  scrubber.follow((value, name) => {
    if (name !== undefined) known.push([value, name])
  })()
  return known
}

export interface PublishRequest {
  /** Workflows that lie elsewhere than in `workflows/`, by their paths from the project's root. */
  readonly also: readonly string[]
  readonly reason?: string
}

/** Everything is judged as `validate` does. Gives what is in force then, also where that was the same before. */
export async function publish(
  app: App,
  caller: SilentCaller,
  { also, reason }: PublishRequest,
  tests: WorkflowTests,
): Promise<PublishedBundle> {
  const { project } = app
  const condition = await policyNow(app)
  const [before] = await app.store.bundles(1)
  const { judging, isReadable } = await inForce(app, before)
  const allowed = await requireAllowed(judging, caller, 'bundle.publish')
  const validating = { project, tests, words: app.words.bind(app) }
  await validateFiles(filesOf(project, tests), validating, takenInStore(app))
  const collected = await collect(app, project, also, tests)
  const problems = [...unpublishable(collected, app.scrubber), ...lockedOut(collected)]
  if (problems.length > 0) throw new InputError(problems)
  const listed = await stored(app, collected)
  const bundle = bundleDigest(listed)
  const files = listed.files.length
  const manifest = await app.store.put(JSON.stringify(listed))
  // A text that was altered in the store stays as it is: the same file cannot be stored there again.
  if (!isReadable) await readBundle(app.store, { bundle, manifest })
  if (before?.bundle === bundle) return { bundle, files, isNew: false }
  const event = {
    type: 'BundlePublished',
    bundle,
    manifest,
    files,
    version: VERSION,
    principal: caller.principal,
    ...definedMembers({ reason, before: before?.bundle }),
    ...byRules(allowed),
  } satisfies EventBody
  const seen = await newPolicy(collected.project, app)
  await app.store.as(caller.principal).append(undefined, [event, ...(seen === undefined ? [] : [seen])], [condition])
  return { bundle, files, isNew: true, ...definedMembers({ before: before?.bundle }) }
}

async function inForce(
  app: App,
  before: BundleRecord | undefined,
): Promise<{ readonly judging: App; readonly isReadable: boolean }> {
  if (before === undefined) return { judging: app, isReadable: true }
  try {
    return { judging: await published(app), isReadable: true }
  } catch (error) {
    if (!(error instanceof InputError) && !(error instanceof EosflowError && error.kind === 'stale')) throw error
    const { inForce: _, ...folder } = app.project
    const demanded = await demandedPolicy(app)
    if (folder.policy()?.digest === demanded?.policy) return { judging: { ...app, project: folder }, isReadable: false }
    throw new EosflowError('stale', `${error.message}; and the policy of this folder is not the one that is in force`, {
      hint: 'Publish it with the policy that is in force; what is to be changed in that is published then.',
      cause: error,
    })
  }
}

async function stored({ store }: RecordApp, { files, folders }: CollectedFiles): Promise<BundleManifest> {
  const listed: BundleManifest['files'][number][] = []
  for (const [path, content] of files) {
    const text = Buffer.from(content).toString('utf8')
    listed.push({ path, digest: sha256(text), ref: await store.put(text) })
  }
  return { version: 1, kind: 'eosflow.bundle', files: listed, folders }
}

function byRules({ rules, policy }: DecisionOfPolicy): {
  readonly rules?: readonly string[]
  readonly policy?: string
} {
  return policy === null ? {} : { rules, policy }
}

// A policy that lets nobody publish could never be replaced: it decides about the next bundle.
function lockedOut({ project }: Pick<CollectedFiles, 'project'>) {
  const loaded = project.policy()
  if (loaded === undefined) return []
  const isOpen = loaded.policy.rules.some(
    ({ effect, actions }) => effect === 'allow' && actions.includes('bundle.publish'),
  )
  if (isOpen) return []
  const message = 'no rule of the policy allows anybody `bundle.publish`: this bundle could never be replaced'
  return [
    problemOf(project.settings.policy, 'locked-out', message, 'Allow `bundle.publish` to a role that has members.'),
  ]
}

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

async function recordNamed({ store }: Pick<RecordApp, 'store'>, word: string | undefined) {
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

// What was collected of a project: each file with its bytes, and the folders that the sources of its inventory were looked for in.
interface CollectedFiles {
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly folders: readonly BundleFolder[]
  readonly project: Project
}

// So many files, and so many bytes of them, may a bundle have: they are kept in memory while a change runs.
const MOST_FILES = 20_000
const MOST_BYTES = 64 * 1_048_576

// Collects what a worker needs of a project: whatever is read while all of it is judged as `validate` does, and every file of the folders that changes are made from, because which of them a switch needs is known when it is planned. `also`: workflows that lie elsewhere.
async function collect(
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
