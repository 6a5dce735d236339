import { definedMembers } from '../../model/defined-members.ts'
import { EosflowError } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import type { App } from '../../project/app/app.ts'
import { knowSecrets } from '../../project/app/secrets/known-secrets.ts'
import type { ProjectStoreOptions } from '../../project/app/store/project-store.ts'
import { inTrace } from '../../project/app/trace/in-trace.ts'
import { knowVaults } from '../../project/files/know-vaults.ts'
import { openProject, type Project } from '../../project/files/project.ts'
import { failedSwitches } from '../../project/history/executions/failed-switches.ts'
import { meantTarget } from '../../project/history/executions/meant-target.ts'
import { patientWatch } from '../../project/history/watch/patient-watch.ts'
import { type Caller, type CallerProof, callerOf } from '../../project/identity/caller-of.ts'
import { openApp } from '../../project/open-app.ts'
import { askSources } from '../../project/switches/inventory/refresh-sources.ts'
import type { Console } from '../../project/system/process/console.ts'
import type { Host } from '../../project/system/process/host.ts'
import { InputError } from '../../project/system/process/input-error.ts'
import { readGiven } from '../../project/system/process/read-given.ts'
import type { ProjectCaller } from './project-options.ts'

/** Where a use case is done, and for whom. */
export interface VisitTerms {
  readonly host: Host
  readonly console: Console
  readonly caller: ProjectCaller
  /** The folder of the project, absolute. */
  readonly folder: string
  readonly store: string | undefined
  readonly insecureTls: boolean
}

/** The application, open for one use case of one caller. */
export interface Visit {
  readonly app: App
  readonly caller: Caller
  /** The switches that a selector means; undefined as it is. Throws InputError. */
  target(expression: string | undefined): Promise<string | undefined>
  /** Closes the store; a second time it does nothing. */
  close(): Promise<void>
}

/** Whether services and programs are asked again what they say of the switches, as the commands that contact switches do. */
export type SourceReading = 'anew' | 'kept'

/**
 * The project as a command finds it: its secrets are known to the scrubber, and what its inventory has elsewhere was asked for. What puts back
 * or goes on reads what is kept: that must not need one more service. Throws InputError, and as the sources do.
 */
export async function visitedProject(
  { host, console, folder, store }: VisitTerms,
  asking: SourceReading,
): Promise<Project> {
  const place = { project: folder, ...definedMembers({ store }) }
  await knowSecrets(host, place)
  const project = openProject(host, place)
  if (asking === 'anew') await askSources({ ...host, project }, console)
  else await openKept(host, console, project)
  await knowVaults(host, place, asking)
  return openProject(host, place)
}

async function openKept(host: Host, console: Console, project: Project) {
  if (!Buffer.from(project.files(project.settings.inventory) ?? '').includes('vault:')) return
  try {
    await askSources({ ...host, project }, console, { kept: true })
  } catch (error) {
    const isSaidLater = error instanceof InputError || (error instanceof EosflowError && error.kind === 'secret')
    if (!isSaidLater) throw error
  }
}

/** Who calls a project: by what it was opened with, where its settings let somebody call in that way. Throws `not-authorised`, and as {@link callerOf}. */
export async function visitor({ host, caller }: VisitTerms, project: Project): Promise<CallerProof> {
  const hasProviders = project.settings.identity !== undefined
  if (host.seams?.principal === undefined && hasProviders === (caller.kind === 'local')) throw otherCaller(hasProviders)
  return callerOf(project, host)
}

function otherCaller(hasProviders: boolean) {
  if (hasProviders)
    return new EosflowError('not-authorised', 'the local user may not call this project: it lists identity providers', {
      hint: 'Open it with a caller of the kind `token` or `login`.',
    })
  return new EosflowError('not-authorised', 'this project lists no identity provider that could say who calls', {
    hint: 'Open it with a caller of the kind `local`, or list an identity provider in eosflow.yaml.',
  })
}

/** Opens the application of a project for one use case. Throws as a command that opens it does. */
export async function openVisit(
  terms: VisitTerms,
  asking: SourceReading,
  options: ProjectStoreOptions = {},
): Promise<Visit> {
  const { host, console, insecureTls } = terms
  const project = await visitedProject(terms, asking)
  const { principal, begins } = await visitor(terms, project)
  const opened = await openApp(project, host, console, { principal }, { ...options, insecureTls })
  const { app } = opened
  let closing: Promise<void> | undefined
  const caller: Caller = {
    ...console,
    principal,
    ...inTrace(host.env.TRACEPARENT),
    ...definedMembers({ begins }),
  }
  const lists = {
    file: (path: string) => listFile(host, path),
    failed: (word: string) => failedSwitches(app, caller, word),
  }
  return {
    app,
    caller,
    target: async (expression) =>
      expression === undefined ? undefined : meantTarget(expression, () => app.project.inventory(), lists),
    close: () => {
      closing ??= opened.close()
      return closing
    },
  }
}

/** The same visit, whose questions wait where the store is away: for whoever watches what others do. */
export function patientVisit(visit: Visit): Visit {
  return { ...visit, app: patientWatch(visit.app, visit.caller.stop) }
}

function listFile(host: Host, path: string) {
  if (path !== '-') return readGiven(host, path)
  throw new InputError([problemOf('target', 'bad-usage', 'the standard input is not read', 'Name a file behind @.')])
}
