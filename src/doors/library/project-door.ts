import { setMaxListeners } from 'node:events'
import { definedMembers } from '../../model/defined-members.ts'
import { EosflowError, messageOf } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import type { ProjectStoreOptions } from '../../project/app/store/project-store.ts'
import { Scrubber } from '../../project/secret/scrubber.ts'
import type { Console } from '../../project/system/process/console.ts'
import type { Host } from '../../project/system/process/host.ts'
import { InputError } from '../../project/system/process/input-error.ts'
import type { Seams } from '../../project/system/process/seams.ts'
import { hintWords } from '../../report/hint-words.ts'
import type { ProjectOptions } from './project-options.ts'
import { openVisit, type SourceReading, type Visit, type VisitTerms, visitedProject } from './visit.ts'

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

  async #guard<T>(work: () => Promise<T>): Promise<T> {
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
  return new InputError([problemOf('project', 'closed', 'the project was closed', 'Open it again with openProject.')])
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
    ...definedMembers({ device }),
    ...(command === undefined ? {} : { command: scrub(command) }),
    ...(hint === undefined ? {} : { hint: scrub(hint) }),
    ...(decision === undefined
      ? {}
      : { decision: { rules: decision.rules.map(scrub), demands: decision.demands.map(scrub) } }),
  })
}

function unforeseen(thrown: unknown, scrub: (text: string) => string) {
  const message = scrub(messageOf(thrown))
  const isEnded = thrown instanceof Error && thrown.name === 'AbortError'
  return new EosflowError(isEnded ? 'cancelled' : 'bug', message)
}
