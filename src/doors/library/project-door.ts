import { setMaxListeners } from 'node:events'
import { features } from '../../features/index.ts'
import { EosflowError, messageOf } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import type { App } from '../../project/app/app.ts'
import { knowSecrets } from '../../project/app/secrets/known-secrets.ts'
import type { ProjectStoreOptions } from '../../project/app/store/project-store.ts'
import { inTrace } from '../../project/app/trace/in-trace.ts'
import { knowVaults } from '../../project/files/know-vaults.ts'
import { openProject, type Project } from '../../project/files/project.ts'
import { failedSwitches } from '../../project/history/executions/failed-switches.ts'
import { meantTarget } from '../../project/history/executions/meant-target.ts'
import { patientWatch } from '../../project/history/watch/watch.ts'
import { type Caller, type CallerProof, callerOf } from '../../project/identity/caller-of.ts'
import { openApp } from '../../project/open-app.ts'
import { Scrubber } from '../../project/secret/scrubber.ts'
import { askSources } from '../../project/switches/inventory/refresh-sources.ts'
import type { Console } from '../../project/system/process/console.ts'
import type { Host } from '../../project/system/process/host.ts'
import { InputError, inputError } from '../../project/system/process/input-error.ts'
import { readGiven } from '../../project/system/process/read-given.ts'
import type { Seams } from '../../project/system/process/seams.ts'
import { hintWords } from '../../report/hint-words.ts'
import { givenRequest, type ProjectCaller, type ProjectOptions, type Requests } from './requests.ts'

/** The way of one caller into a project: each use case goes in and out by it, and nothing that it knows as a secret leaves. */
export class ProjectDoor {
  readonly #terms: VisitTerms
  readonly #scrubber: Scrubber
  readonly #closing = new AbortController()
  readonly #inside = new Set<Promise<unknown>>()

  constructor(options: ProjectOptions, folder: string, seams?: Seams) {
    const { caller, env, store, insecureTls = false, tell } = options
    const told = (text: string) => {
      try {
        tell?.(this.scrub(text))
      } catch {
        // Whoever listens badly is no reason to leave a switch in the middle of its change.
      }
    }
    this.#scrubber = new Scrubber((text) => told(`! ${text}\n`))
    const { signal } = this.#closing
    // Every execution listens for it.
    setMaxListeners(0, signal)
    const host: Host = {
      env: { ...env, ...identityNames(caller) },
      cwd: folder,
      scrubber: this.#scrubber,
      words: hintWords,
      features,
      ...definedMembers({ seams }),
    }
    const console: Console = {
      tell: told,
      interactive: false,
      ask: async () => undefined,
      stop: signal,
      suspend: signal,
    }
    this.#terms = { host, console, caller, folder, store, insecureTls }
  }

  /** Aborted when the project is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** Where it leads, and for whom. */
  get terms(): VisitTerms {
    return this.#terms
  }

  /** A text without any secret that is known. */
  scrub(text: string): string {
    return this.#scrubber.scrub(text)
  }

  /** A document as the command line prints it, without secrets. */
  document<T>(text: string): T {
    return JSON.parse(this.scrub(text)) as T
  }

  /** Does one use case with the application open, and closes it behind it. `given` judges and copies what was asked, at once: before anything is opened or contacted. */
  within<T, Given>(
    asking: SourceReading,
    given: () => Given,
    work: (visit: Visit, given: Given) => Promise<T>,
    options?: ProjectStoreOptions,
  ): Promise<T> {
    return this.guarded(async () => {
      const asked = given()
      const visit = await openVisit(this.#terms, asking, options)
      try {
        return await work(visit, asked)
      } finally {
        await visit.close()
      }
    })
  }

  /** A use case that takes one request: it is judged and copied at once. */
  asked<Name extends keyof Requests, T>(
    asking: SourceReading,
    name: Name,
    work: (visit: Visit, given: Requests[Name]) => Promise<T>,
    options?: ProjectStoreOptions,
  ): (request?: unknown) => Promise<T> {
    return (request) => this.within(asking, () => givenRequest(name, request), work, options)
  }

  /** The same for what reads the files of the project alone, and needs no store. */
  beside<T, Given>(
    given: () => Given,
    work: (project: Awaited<ReturnType<typeof visitedProject>>, given: Given) => Promise<T>,
  ): Promise<T> {
    return this.guarded(async () => {
      const asked = given()
      return work(await visitedProject(this.#terms, 'kept'), asked)
    })
  }

  /** Work that is waited for when the project is closed. What it throws is without secrets; InputError where it is closed. */
  guarded<T>(work: () => Promise<T>): Promise<T> {
    return this.begun(async () => {
      if (this.#closing.signal.aborted) throw isClosed()
      return work()
    })
  }

  /** The same for the rest of what had begun before it was closed. */
  begun<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#guard(work)
    const settled: Promise<unknown> = done
      .catch(() => undefined)
      .finally(() => {
        this.#inside.delete(settled)
      })
    this.#inside.add(settled)
    return done
  }

  async #guard<T>(work: () => Promise<T>) {
    try {
      return await work()
    } catch (error) {
      throw this.failure(error)
    }
  }

  /** What was thrown, as it leaves. */
  failure(thrown: unknown): Error {
    return scrubbedFailure(thrown, (text) => this.scrub(text))
  }

  /** Lets nothing in any more, and resolves when all who are in are out. */
  async close(): Promise<void> {
    this.#closing.abort()
    while (this.#inside.size > 0) await Promise.all(this.#inside)
  }
}

function identityNames(caller: ProjectOptions['caller']): Readonly<Record<string, string | undefined>> {
  return {
    EOSFLOW_TOKEN: caller.kind === 'token' ? caller.token : undefined,
    EOSFLOW_ISSUER: caller.kind === 'login' ? caller.issuer : undefined,
  }
}

/** What is thrown where somebody asks a project that was closed. */
export function isClosed(): InputError {
  return inputError('project', 'closed', 'the project was closed', 'Open it again with openProject.')
}

/** What was thrown as one of the two errors that leave the library, without secrets: neither in its words, nor in its causes and its stack. */
export function scrubbedFailure(thrown: unknown, scrub: (text: string) => string): InputError | EosflowError {
  const failure = failureOf(thrown, scrub)
  if (thrown instanceof Error && thrown.stack !== undefined) failure.stack = scrub(thrown.stack)
  return failure
}

function failureOf(thrown: unknown, scrub: (text: string) => string) {
  if (thrown instanceof InputError)
    return new InputError(
      thrown.problems.map(({ code, message, at, hint }) => ({
        code,
        message: scrub(message),
        at: { ...at, file: scrub(at.file) },
        ...(hint === undefined ? {} : { hint: scrub(hint) }),
      })),
    )
  if (!(thrown instanceof EosflowError)) return unforeseen(thrown, scrub)
  const { kind, message, retryable, device, command, hint, decision } = thrown
  return new EosflowError(kind, scrub(message), {
    retryable,
    ...definedMembers({
      device,
      command: command === undefined ? undefined : scrub(command),
      hint: hint === undefined ? undefined : scrub(hint),
      decision:
        decision === undefined ? undefined : { rules: decision.rules.map(scrub), demands: decision.demands.map(scrub) },
    }),
  })
}

function unforeseen(thrown: unknown, scrub: (text: string) => string) {
  const message = scrub(messageOf(thrown))
  const isEnded = thrown instanceof Error && thrown.name === 'AbortError'
  return new EosflowError(isEnded ? 'cancelled' : 'bug', message)
}

// Where a use case is done, and for whom.
interface VisitTerms {
  readonly host: Host
  readonly console: Console
  readonly caller: ProjectCaller
  // The folder of the project, absolute.
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

// The project as a command finds it: its secrets are known to the scrubber, and what its inventory has elsewhere was asked for. What puts back or goes on reads what is kept: that must not need one more service. Throws InputError, and as the sources do.
async function visitedProject({ host, console, folder, store }: VisitTerms, asking: SourceReading) {
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
  throw inputError('target', 'bad-usage', 'the standard input is not read', 'Name a file behind @.')
}
