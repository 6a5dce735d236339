import { relative } from 'node:path'
import { definedItems } from '../../../model/json.ts'
import { openProject } from '../../../project/files/project.ts'
import { callerOf } from '../../../project/identity/caller-of.ts'
import { type SealedPart, type SealedStore, seal } from '../../../project/record/upkeep/seal.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { count, visibleLine } from '../../../report/text/text.ts'
import { givenReason, timeOf } from '../option/options.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  const part = partOf(invocation)
  const reason = givenReason(invocation, 'why these records leave the store')
  const project = openProject(io, global)
  const { principal } = await callerOf(project, io)
  const sealed = await seal(project, io, { ...io, principal }, { part, reason })
  const shown = { ...sealed, segments: sealed.segments.map((one) => ({ ...one, file: relative(io.cwd, one.file) })) }
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, kind: 'store-seal', ...shown })}\n`
      : `${linesOf(shown).map(visibleLine).join('\n')}\nNext: eosflow audit verify\n`,
  )
  return 0
}

function partOf({ options }: Invocation): SealedPart {
  const before = timeOf('--before', options.before)
  const keep = typeof options.keep === 'string' ? options.keep : undefined
  if (keep !== undefined && !/^\d{1,9}$/.test(keep))
    throw inputError('--keep', 'bad-count', `${keep} is no count`, 'for example --keep 500')
  if (before !== undefined && keep === undefined) return { before }
  if (before === undefined && keep !== undefined) return { keep: Number(keep) }
  throw inputError(
    'store seal',
    'no-such-part',
    'it is not clear which records are meant',
    'Give one of --before TIME and --keep COUNT.',
  )
}

function linesOf({ segments, texts, strange, hindrance }: SealedStore) {
  const made = segments.flatMap(({ file, bytes, executions, records, carried }) => [
    `${file}: ${count(records, 'record')} of ${count(executions, 'execution')}, verified, ${mebibytes(bytes)}; ${carried} of them stay in the store, too`,
  ])
  return definedItems(
    ...(made.length === 0
      ? ['Nothing was sealed: no execution that ended then may leave the store']
      : [...made, 'Segments never change: copy each to where show, history and audit are asked, and back it up once']),
    texts.texts !== 0 &&
      `${count(texts.texts, 'text')} (${mebibytes(texts.bytes)}) that no record here names left the store`,
    hindrance !== undefined &&
      `! The store has not become smaller (${hindrance}): when nobody else has it open, and there is room for a copy, seal again`,
    ...strangeLines(strange),
  )
}

const MIB = 1024 * 1024

function mebibytes(bytes: number) {
  return `${(bytes / MIB).toFixed(1)} MiB`
}

function strangeLines(strange: readonly string[]) {
  if (strange.length === 0) return []
  return [
    `! No record of this store speaks of ${strange.join(', ')}: made by a sealing that was killed, or of a store that was set aside`,
  ]
}
