import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type PreparedChange, prepare } from '../../../change/plan/prepare.ts'
import { isChangeFile } from '../../../change/workflow/change-file.ts'
import type { JsonObject } from '../../../model/json.ts'
import { changeGiven } from '../../../project/files/change-given.ts'
import { workflowsIn } from '../../../project/files/files-of-project.ts'
import { loadWorkflow } from '../../../project/files/load-workflow.ts'
import type { Project } from '../../../project/files/project.ts'
import { type ParamsFor, typedParams } from '../../../project/plan/trusted-seal.ts'
import { inputError, orProblems } from '../../../project/system/process/input-error.ts'
import { readGiven } from '../../../project/system/process/read-given.ts'
import { shellWord } from '../../../report/shell-word.ts'
import type { Invocation } from '../terminal/io.ts'

/** The value of a flag that takes a text; undefined where it is not given. */
export function text(given: unknown): string | undefined {
  return typeof given === 'string' ? given : undefined
}

export function texts(given: unknown): readonly string[] {
  return Array.isArray(given) ? given.map(String) : []
}

/** The time that a flag gives, in milliseconds since the epoch; undefined where it is not given. Throws InputError on a time that is none. */
export function timeOf(flag: string, value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const time = Date.parse(value)
  if (!Number.isNaN(time)) return time
  throw inputError(flag, 'bad-time', `${value} is no time`, 'for example 2026-01-05 or 2026-01-05T08:00:00Z')
}

/** The one of some words that was given. Throws InputError of `fault` for any other. */
export function oneOf<T extends string>(
  words: readonly T[],
  given: unknown,
  ...fault: Parameters<typeof inputError>
): T {
  const found = words.find((one) => one === given)
  if (found !== undefined) return found
  throw inputError(...fault)
}

/** The reason of `--reason`, without what the process keeps secret. Throws InputError where none is given: `what` says what it is about. */
export function givenReason({ io, options }: Invocation, what: string): string {
  const reason = typeof options.reason === 'string' ? io.scrubber.scrub(options.reason).trim() : ''
  if (reason !== '') return reason
  throw inputError('--reason', 'no-reason', 'a reason is missing: it goes on record', `Say ${what}: --reason TEXT`)
}

/** The parameters of `-p key=value` and `--params FILE`, for a workflow. Throws InputError. */
export function givenParams({ io, options }: Invocation): ParamsFor {
  return typedParams(io, { flag: '-p', pairs: texts(options.param), file: text(options.params) })
}

/** The parameters of a change, as a command line gives them again; `hidden`: those whose value may be a secret, which a file gives. */
export function paramFlags(params: JsonObject, hidden: ReadonlySet<string> = NONE): string {
  const shown = Object.entries(params).filter(([name]) => !hidden.has(name))
  const flags = shown.map(([name, value]) => {
    // A record is too long for a line: what was approved is found again by the same file.
    const isRecord = JSON.stringify(value).includes('{') && typeof value !== 'string'
    const written = typeof value === 'string' ? value : isRecord ? '@FILE' : JSON.stringify(value)
    return ` -p ${shellWord(`${name}=${written}`)}`
  })
  const isHidden = shown.length < Object.keys(params).length
  return `${flags.join('')}${isHidden ? ' --params FILE' : ''}`
}

const NONE: ReadonlySet<string> = new Set()

/** The change that a command line names by a change file, or by a workflow's file, its parameters and `-t`. Throws InputError. */
export function givenChange(invocation: Invocation, project: Project, word: string): PreparedChange {
  const { target } = invocation.options
  const path = project.pathOf(word)
  if (isChangeFile(path)) {
    requireNothingBeside(word, invocation.options)
    return changeGiven(invocation.io, project, path)
  }
  const workflow = loadWorkflow(project, path, workflowsIn(project.dir))
  return orProblems(
    prepare({
      workflow,
      given: givenParams(invocation)(workflow.params),
      inventory: project.inventory(),
      ...(typeof target === 'string' ? { only: target } : {}),
      files: project.files,
    }),
  )
}

/** The bytes of a workflow, a change file or a saved plan: what is not at its path from the working folder may be a file of the project. Throws InputError. */
export function bytesGiven(io: Invocation['io'], project: Project, word: string): Uint8Array {
  const inProject = existsSync(resolve(io.cwd, word)) ? undefined : project.files(project.pathOf(word))
  return inProject === undefined ? readGiven(io, word) : Buffer.from(inProject)
}

const SAID_BY_FILE = { target: '-t', param: '-p', params: '--params' } as const

/** Throws InputError where switches or values are given beside a change file: which of both is meant, nobody could see later. */
export function requireNothingBeside(file: string, options: Invocation['options']): void {
  const given = Object.entries(SAID_BY_FILE).filter(([name]) => [options[name] ?? []].flat().length > 0)
  if (given.length === 0) return
  const flags = given.map(([, flag]) => flag).join(', ')
  throw inputError(
    file,
    'bad-usage',
    `${flags}: a change file says its switches and values itself`,
    'Write them into the change file, or name the workflow.',
  )
}
