import type { ForeignAppend, ForeignWrites } from '../change/record/sqlite/open-store.ts'
import { heardJournal } from '../change/record/store/journal.ts'
import type { Actor } from '../change/record/store/store.ts'
import { EosflowError, messageOf } from '../model/error.ts'
import { definedMembers } from '../model/json.ts'
import { underDemandedPolicy, underSeenPolicy } from './access/policy/authority.ts'
import type { App, RecordApp } from './app/app.ts'
import { openDispatcher, whenPosted } from './app/dispatch/open-dispatcher.ts'
import { withFetchedKey } from './app/secrets/open-secrets.ts'
import { tellLost } from './app/store/missing-words.ts'
import {
  openProjectFile,
  openProjectStore,
  openProjectStoreToRead,
  type ProjectStore,
  type ProjectStoreOptions,
} from './app/store/project-store.ts'
import { openTracer } from './app/trace/tracer.ts'
import type { Project } from './files/project.ts'
import type { SilentCaller } from './identity/caller-of.ts'
import { openCheckpointForwarder } from './record/audit/checkpoint-forwarder.ts'
import type { Console } from './system/process/console.ts'
import type { Host } from './system/process/host.ts'

export interface OpenApp {
  readonly app: App
  close(): Promise<void>
}

export interface AppOptions extends ProjectStoreOptions {
  readonly insecureTls: boolean
}

function postingOf(project: Project, kept: ProjectStore, { drives }: AppOptions, { tell }: Console) {
  if (project.settings.workers.dispatch === 'in-process' || drives !== undefined) return undefined
  return whenPosted(() => openDispatcher(project, kept, kept.shared?.workers.own ?? '', tell))
}

async function dispatchOver(...given: Parameters<typeof import('./app/dispatch/worker-dispatch.ts').dispatchTo>) {
  const { dispatchTo } = await import('./app/dispatch/worker-dispatch.ts')
  return dispatchTo(...given)
}

/** A policy that is new to the store goes on record as seen by `by`. An anchor that lags behind is told to `console`. */
export async function openApp(
  project: Project,
  { env, cwd, scrubber, words, typedPasswords, seams, features }: Host,
  console: Console,
  by: SilentCaller,
  options: AppOptions,
): Promise<OpenApp> {
  const given: Host = {
    env,
    cwd,
    scrubber,
    words,
    features,
    ...definedMembers({ typedPasswords, seams }),
  }
  const host = await withFetchedKey(project, given)
  const { verifies = false } = options
  const { tell } = console
  const kept = verifies
    ? await openToVerify(project, host)
    : await openProjectStore(project, host, { tell, ...options })
  await tellLost(kept, project, options.drives !== undefined, { tell, words })
  const tracer = openTracer({ env, clock: kept.clock, tell, scrub: (text) => scrubber.scrub(text) })
  const traced =
    tracer === undefined
      ? {}
      : { tracer, journalAs: (actor: Actor) => heardJournal(kept.journalAs(actor), [tracer.hears]) }
  const posting = postingOf(project, kept, options, console)
  const failed = (execution: string, error: unknown) =>
    tell(`! no worker was sent to ${execution}: ${messageOf(error)}\n`)
  const dispatch = posting === undefined ? {} : { dispatch: await dispatchOver(posting, project, failed) }
  const app: App = { ...host, ...kept, ...traced, ...dispatch, insecureTls: options.insecureTls, project }
  const forwarder = verifies ? undefined : openCheckpointForwarder(app, console)
  const close = async () => {
    await forwarder?.close()
    await posting?.close()
    await kept.store.close()
    await tracer?.close()
  }
  try {
    const judged = verifies ? underDemandedPolicy(project, app) : underSeenPolicy(project, app, by)
    const seen = { ...app, project: await judged }
    return { app: posting === undefined ? seen : await underPublished(seen), close }
  } catch (error) {
    await close()
    throw error
  }
}

// Nothing is signed and nothing goes on record: what is written over the traces of somebody is never found. Throws `store`.
function openToVerify(project: Project, host: Host) {
  if (project.database !== undefined) return openProjectStore(project, host, { verifies: true })
  const denied: ForeignAppend = (actor) => async (execution, events) => {
    const { store } = await openProjectFile(project, host)
    try {
      return await store.as(actor).append(execution, events)
    } finally {
      await store.close()
    }
  }
  const changeNotes: ForeignWrites['changeNotes'] = async () => {
    throw new EosflowError('bug', 'whoever verifies a store keeps no notes in it')
  }
  return openProjectStoreToRead(project, host, { append: denied, changeNotes })
}

async function underPublished(app: App): Promise<App> {
  if ((await app.store.bundles(1)).length === 0) return app
  return { ...app, project: { ...app.project, inForce: await inForce(app) } }
}

async function inForce(app: RecordApp): Promise<NonNullable<Project['inForce']>> {
  try {
    const { published } = await import('./history/bundle/published.ts')
    return (await published(app)).project
  } catch (error) {
    const { unreadInForce } = await import('./history/bundle/app-for.ts')
    return unreadInForce(app, error)
  }
}
