import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { givenJson } from '../../../model/json.ts'
import { VERSION } from '../../../model/version.ts'
import { userCache } from '../../system/machine/user-cache.ts'
import type { ValueQuestion } from './completion.ts'

export interface AnsweredValues {
  readonly words: readonly string[]
  readonly restsOn: readonly string[]
}

interface Kept {
  readonly words: readonly string[]
  readonly stamps: Readonly<Record<string, string>>
  readonly made: number
}

// An answer may rest on more than the files that are looked at, such as a source of the inventory: it is kept so long, in milliseconds.
const HOLDS = 120_000

const MOST = 64

/** An answer that is kept, asked for in a folder at a moment in milliseconds; undefined where a file that it rests on has another stamp, or it is old. */
export function keptValues(cwd: string, question: ValueQuestion, now: number): readonly string[] | undefined {
  const text = userCache()?.read(nameOf(cwd, question))?.toString()
  if (text === undefined) return undefined
  try {
    const { words, stamps, made } = givenJson(text) as unknown as Kept
    const isOld = now - made > HOLDS || now < made
    return isOld || Object.entries(stamps).some(([path, stamp]) => stampOf(path) !== stamp) ? undefined : words
  } catch {
    return undefined
  }
}

/** Keeps an answer that was given in a folder at a moment in milliseconds. */
export function keepValues(
  cwd: string,
  question: ValueQuestion,
  { words, restsOn }: AnsweredValues,
  now: number,
): void {
  // A project that is made nearer is another one.
  const paths = [join(cwd, 'eosflow.yaml'), ...restsOn]
  const kept: Kept = { words, stamps: Object.fromEntries(paths.map((path) => [path, stampOf(path)])), made: now }
  userCache()?.write(nameOf(cwd, question), JSON.stringify(kept), MOST)
}

function nameOf(cwd: string, { of, about, line }: ValueQuestion) {
  const { project = '', store = '' } = line.flags
  const args = of === 'param' ? line.args.slice(0, 1) : []
  const key = JSON.stringify([VERSION, cwd, of, about, line.command, args, project, store])
  return `completion-${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`
}

function stampOf(path: string) {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined ? 'absent' : `${found.mtimeMs} ${found.size}`
}
