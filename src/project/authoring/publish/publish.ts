import { type BundleManifest, bundleDigest } from '../../../change/record/bundle-manifest.ts'
import type { EventBody } from '../../../change/record/event/event.ts'
import type { BundleRecord } from '../../../change/record/store/store.ts'
import { sha256 } from '../../../model/digest.ts'
import { EosflowError } from '../../../model/error.ts'
import { problemOf } from '../../../model/problem.ts'
import { VERSION } from '../../../model/version.ts'
import type { PublishedBundle } from '../../../report/bundle.ts'
import { type DecisionOfPolicy, requireAllowed } from '../../access/policy/authority.ts'
import { demandedPolicy, newPolicy } from '../../access/policy/seen-policy.ts'
import { policyNow } from '../../access/policy/while-allowed.ts'
import type { App } from '../../app/app.ts'
import { filesOf } from '../../files/files-of-project.ts'
import type { WorkflowTests } from '../../files/workflow-tests.ts'
import { published } from '../../history/bundle/published.ts'
import { readBundle } from '../../history/bundle/read-bundle.ts'
import type { SilentCaller } from '../../identity/caller.ts'
import { takenInStore } from '../../plan/taken-forms.ts'
import { InputError } from '../../system/process/input-error.ts'
import { validateFiles } from '../validate/validate-files.ts'
import { type CollectedFiles, collect } from './collect.ts'
import { unpublishable } from './unpublishable.ts'

/** What is published, and why. */
export interface PublishRequest {
  /** Workflows that lie elsewhere than in `workflows/`, by their paths from the project's root. */
  readonly also: readonly string[]
  readonly reason?: string
}

/**
 * Publishes the files of a project for workers: whoever may is said by the policy of the bundle that is in force, and by that of the folder
 * where there is none, or that one cannot be read and the folder has the same policy. Everything is judged as `validate` does. A denial goes on record, and nothing is stored. Gives what is in force then, also
 * where that was the same before.
 * Throws InputError for what is wrong or secret, `guard`, `stale` where what is in force cannot be read and this cannot take its place, and as the
 * policy does.
 */
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
    ...(reason === undefined ? {} : { reason }),
    ...(before === undefined ? {} : { before: before.bundle }),
    ...byRules(allowed),
  } satisfies EventBody
  const seen = await newPolicy(collected.project, app)
  await app.store.as(caller.principal).append(undefined, [event, ...(seen === undefined ? [] : [seen])], [condition])
  return { bundle, files, isNew: true, ...(before === undefined ? {} : { before: before.bundle }) }
}

/** Whose policy decides about the next bundle, and whether what is in force can be read. */
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

async function stored({ store }: App, { files, folders }: CollectedFiles): Promise<BundleManifest> {
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

/** A policy that lets nobody publish could never be replaced: it decides about the next bundle. */
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
