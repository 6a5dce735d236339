import { dirname, join, resolve } from 'node:path'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { type ChangedChanges, changedChanges } from '../../../project/authoring/changed-changes.ts'
import { changeGiven } from '../../../project/files/change-given.ts'
import { openProject, type Project } from '../../../project/files/project.ts'
import { InputError, inputError } from '../../../project/system/process/input-error.ts'
import { makeFolder, requireWritable } from '../../../project/system/process/save-text.ts'
import { count, visibleLine } from '../../../report/text/text.ts'
import { requireNothingBeside } from '../option/given-change.ts'
import type { Invocation } from '../terminal/io.ts'
import { requireRooms } from '../terminal/markdown-room.ts'
import { gravest } from './exit-code.ts'

type PlanOne = (invocation: Invocation, project: Project, prepared: PreparedChange) => Promise<number>

/** Plans every change file that a range of commits adds or edits, one after the other; those that it deletes are named. With `-o` each plan is a file of that folder. */
export async function planChanged(invocation: Invocation, planOne: PlanOne): Promise<number> {
  const { io, args, options, global } = invocation
  const range = String(options.changed)
  if (args.length > 0) throw besideRange(args[0] ?? '')
  requireNothingBeside(`--changed ${range}`, options)
  const project = openProject(io, global)
  const { planned, deleted, others, otherwise } = await changedChanges(io, project, { range, at: `--changed ${range}` })
  const each = planned.map(({ file, name }, index) => {
    const heading = headingOf(invocation, file, index)
    return { file, heading, invocation: ofOne(invocation, { file, name, heading }, planned.length) }
  })
  requireRooms(invocation, each)
  const prepared = preparedAll(invocation, project, planned)
  for (const { invocation: one } of each) requirePlace(one)
  sayBeside(invocation, { deleted, others, otherwise })
  const codes: number[] = []
  for (const [index, change] of prepared.entries()) {
    const one = each[index]
    if (one === undefined) continue
    if (!global.json) io.out(one.heading)
    codes.push(await planOne(one.invocation, project, change))
  }
  return sayAll(invocation, { files: each.map(({ file }) => file), deleted, codes })
}

// Says which change files are not planned, and which are planned otherwise than the range has them.
function sayBeside(
  { io, options: { changed } }: Invocation,
  { deleted, others, otherwise }: Omit<ChangedChanges, 'planned'>,
) {
  for (const file of deleted) io.err(`${visibleLine(file)} is deleted: nothing is planned for it\n`)
  for (const file of others) io.err(`${visibleLine(file)} is no change file: nothing is planned for it\n`)
  for (const file of otherwise)
    io.err(`! ${visibleLine(file)} is planned as it is in the folder, which is not as in ${changed}\n`)
}

function headingOf({ options }: Invocation, file: string, index: number) {
  const mark = options.markdown === true ? '## ' : ''
  return `${index === 0 ? '' : '\n'}${mark}${visibleLine(file)}\n\n`
}

function sayAll(
  { io, options, global }: Invocation,
  { files, deleted, codes }: { files: readonly string[]; deleted: readonly string[]; codes: readonly number[] },
) {
  const range = String(options.changed)
  const exitCode = codeOf(codes)
  const planned = files.map((file, index) => ({ file, exitCode: codes[index] ?? 0 }))
  const none = `no change file is added or edited by ${range}`
  if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'changed', range, planned, deleted, exitCode })}\n`)
  else io.err(`${files.length === 0 ? none : `${count(files.length, 'change file')} of ${range} planned`}\n`)
  return exitCode
}

function codeOf(codes: readonly number[]) {
  const failed = gravest(codes.filter((code) => code !== 2))
  return failed === 0 && codes.includes(2) ? 2 : failed
}

function ofOne(
  invocation: Invocation,
  { file, name, heading }: { readonly file: string; readonly name: string; readonly heading: string },
  all: number,
): Invocation {
  const { changed: _, out, maxBytes, ...options } = invocation.options
  const bytes = /^\d{1,9}$/.test(String(maxBytes))
    ? Math.floor(Number(maxBytes) / all) - Buffer.byteLength(heading)
    : maxBytes
  return {
    ...invocation,
    args: [file],
    options: {
      ...options,
      ...(typeof out === 'string' ? { out: join(out, name) } : {}),
      ...(maxBytes === undefined ? {} : { maxBytes: bytes }),
    },
  }
}

function preparedAll({ io }: Invocation, project: Project, planned: readonly { readonly file: string }[]) {
  const problems: InputError['problems'][number][] = []
  const prepared = planned.flatMap(({ file }) => {
    try {
      return [changeGiven(io, project, file)]
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      problems.push(...error.problems)
      return []
    }
  })
  if (problems.length > 0) throw new InputError(problems)
  return prepared
}

// Throws `store`, InputError.
function requirePlace({ io, options: { out } }: Invocation) {
  if (typeof out !== 'string') return
  makeFolder(resolve(io.cwd, dirname(out)), '', '.', 'Name another folder with -o.')
  requireWritable(io, out)
}

function besideRange(word: string) {
  return inputError(
    '--changed',
    'bad-usage',
    `\`${word}\` beside --changed: the range says which change files are planned`,
    'Leave one out.',
  )
}
