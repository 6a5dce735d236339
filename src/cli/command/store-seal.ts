import { relative } from 'node:path'
import { InputError } from '../../app/input-error.ts'
import { callerOf } from '../../app/login/caller.ts'
import { openProject } from '../../app/project/project.ts'
import { type SealedPart, type SealResult, seal } from '../../app/store/seal.ts'
import type { SealedDatabase } from '../../app/store/seal-database.ts'
import { problemOf } from '../../model/problem.ts'
import { count } from '../../report/count.ts'
import { visibleLine } from '../../report/visible.ts'
import { givenReason } from '../given-reason.ts'
import { timeOf } from '../given-time.ts'
import type { Invocation } from '../io.ts'

/** Takes old records out of the store into a segment beside it. No switch is contacted. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  const part = partOf(invocation)
  const reason = givenReason(invocation, 'why these records leave the store')
  const project = openProject(io, global)
  const { principal } = await callerOf(project, io)
  if (project.database !== undefined) {
    const { sealDatabase } = await import('../../app/store/seal-database.ts')
    const sealed = await sealDatabase(project, io, { ...io, principal }, { part, reason })
    const shown = { ...sealed, segments: sealed.segments.map((one) => ({ ...one, file: relative(io.cwd, one.file) })) }
    if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'store-seal', ...shown })}\n`)
    else io.out(`${databaseLines(shown).map(visibleLine).join('\n')}\nNext: eosflow audit verify\n`)
    return 0
  }
  const sealed = await seal(project, io, { ...io, principal }, { part, reason })
  const file = sealed.file === undefined ? undefined : relative(io.cwd, sealed.file)
  if (global.json)
    io.out(
      `${JSON.stringify({ version: 1, kind: 'store-seal', ...sealed, ...(file === undefined ? {} : { file }) })}\n`,
    )
  else io.out(`${linesOf(sealed, file).map(visibleLine).join('\n')}\nNext: eosflow audit verify\n`)
  return 0
}

function partOf({ options }: Invocation): SealedPart {
  const before = timeOf('--before', options.before)
  const keep = typeof options.keep === 'string' ? options.keep : undefined
  if (keep !== undefined && !/^\d{1,9}$/.test(keep))
    throw new InputError([problemOf('--keep', 'bad-count', `${keep} is no count`, 'for example --keep 500')])
  if (before !== undefined && keep === undefined) return { before }
  if (before === undefined && keep !== undefined) return { keep: Number(keep) }
  throw new InputError([
    problemOf(
      'store seal',
      'no-such-part',
      'it is not clear which records are meant',
      'Give one of --before TIME and --keep COUNT.',
    ),
  ])
}

function databaseLines({ segments, texts, strange }: SealedDatabase): readonly string[] {
  const made = segments.flatMap(({ file, bytes, executions, records, carried }) => [
    `${file}: ${count(records, 'record')} of ${count(executions, 'execution')}, verified, ${mebibytes(bytes)}; ${carried} of them stay in the store, too`,
  ])
  return [
    ...(made.length === 0
      ? ['Nothing was sealed: no execution that ended then may leave the store']
      : [...made, 'Segments never change: copy each to where show, history and audit are asked, and back it up once']),
    ...(texts.texts === 0
      ? []
      : [`${count(texts.texts, 'text')} (${mebibytes(texts.bytes)}) that no record here names left the store`]),
    ...strangeLines(strange),
  ]
}

const MIB = 1024 * 1024

function mebibytes(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`
}

function strangeLines(strange: readonly string[]): readonly string[] {
  if (strange.length === 0) return []
  return [
    `! No record of this store speaks of ${strange.join(', ')}: made by a sealing that was killed, or of a store that was set aside`,
  ]
}

function linesOf(sealed: SealResult, file: string | undefined): readonly string[] {
  const { first, last, carried, hindrance, strange } = sealed
  return [
    ...(file === undefined
      ? ['Nothing was sealed: there is no such record that is not in a segment already']
      : [
          `${file}: the records from ${first} to ${last}, verified`,
          `${count(carried, 'record')} of those up to ${last} are left in the store, because rules ask for them`,
          'The segment never changes: back it up once, and keep it at its place for show, history and audit',
        ]),
    ...(hindrance === undefined
      ? []
      : [`! The store has not become smaller (${hindrance}): when there is room for a copy of it, seal again`]),
    ...strangeLines(strange),
  ]
}
