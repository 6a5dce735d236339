import { type BundleManifest, bundleDigest, readManifest } from '../../../change/record/bundle-manifest.ts'
import type { EventBody } from '../../../change/record/event/event.ts'
import type { BundleRecord } from '../../../change/record/store/store.ts'
import { sha256 } from '../../../model/digest.ts'
import { EosflowError, type Problem, problemOf } from '../../../model/error.ts'
import { HIDDEN_CHARACTER } from '../../../model/hidden-character.ts'
import { definedMembers } from '../../../model/json.ts'
import { VERSION } from '../../../model/version.ts'
import type { BundleDifference, ListedBundle, PublishedBundle, ShownBundle } from '../../../report/bundle.ts'
import { visibleLine } from '../../../report/text/text.ts'
import {
  type DecisionOfPolicy,
  demandedPolicy,
  newPolicy,
  policyNow,
  requireAllowed,
} from '../../access/policy/authority.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { filesOf } from '../../files/files-of-project.ts'
import type { WorkflowTests } from '../../files/workflow-tests.ts'
import { published } from '../../history/bundle/published.ts'
import { bundleNamed, readBundle } from '../../history/bundle/read-bundle.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import { takenInStore } from '../../plan/taken-forms.ts'
import type { Scrubber } from '../../secret/scrubber.ts'
import { InputError, inputError } from '../../system/process/input-error.ts'
import { validateFiles } from '../validate/validate-files.ts'
import { type CollectedFiles, collect } from './collect.ts'

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
    ...definedMembers({ reason }),
    ...(before === undefined ? {} : { before: before.bundle }),
    ...byRules(allowed),
  } satisfies EventBody
  const seen = await newPolicy(collected.project, app)
  await app.store.as(caller.principal).append(undefined, [event, ...(seen === undefined ? [] : [seen])], [condition])
  return { bundle, files, isNew: true, ...(before === undefined ? {} : { before: before.bundle }) }
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
