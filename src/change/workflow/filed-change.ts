import { posix } from 'node:path'
import type { ChangeTerms, EarlierChange } from '../../model/change-terms.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { sha256 } from '../../model/digest.ts'
import { type Place, type Problem, problemOf, type ValueOrProblems } from '../../model/problem.ts'
import { accept, acceptUnless, problemsOf, refuse } from '../../text/source/checked.ts'
import { absentProblem } from '../../text/source/files.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { readText } from '../../text/source/text.ts'
import { type ChangeFile, isChangeFile, judgeChangeFile, readChangeFile } from './change-file.ts'
import type { Files, SourceText } from './template/files.ts'

export interface FiledChange {
  readonly read: ChangeFile
  readonly terms: ChangeTerms
  readonly sources: readonly SourceText[]
}

interface JudgedChange {
  readonly problems: readonly Problem[]
  readonly good?: FiledChange
}

export function filedChange(files: Files, path: string): ValueOrProblems<FiledChange> {
  const { problems, good } = judgedChange(files, path)
  return acceptUnless(problems, () => good as FiledChange)
}

/** `known`: the change files that there are, of which the nearest is named where one is not there. */
export function judgedChange(files: Files, path: string, known: readonly string[] = []): JudgedChange {
  const own = textOf(files, path, { file: path, line: 1, column: 1 }, known)
  if (!own.ok) return { problems: own.problems }
  const { problems, good: read } = judgeChangeFile(own.value.text, path)
  if (read === undefined) return { problems }
  const earlier = read.after.map(({ path: file, at }) => textOf(files, file, at, known))
  const before = earlier.flatMap((one) => (one.ok ? [one.value] : []))
  const after = before.map(({ file, text }): EarlierChange => ({ file, digest: sha256(text) }))
  const terms = {
    file: path,
    digest: sha256(own.value.text),
    ...(read.ticket === undefined ? {} : { ticket: read.ticket.name }),
    ...definedMembers({ notBefore: read.notBefore, notAfter: read.notAfter }),
    ...(after.length === 0 ? {} : { after }),
  }
  return {
    problems: [...problems, ...earlier.flatMap(problemsOf), ...circles(files, read)],
    good: { read, terms, sources: [own.value, ...before] },
  }
}

function textOf(files: Files, path: string, at: Place, known: readonly string[]): ValueOrProblems<SourceText> {
  if (!isChangeFile(path)) {
    const message = `${path} is no change file: those are in the folder changes/`
    return refuse({ code: 'no-change-file', message, at, hint: didYouMean(path, known) })
  }
  const content = files(path)
  if (content === undefined) {
    const message = `there is no change file ${path}`
    return refuse(absentProblem(files, path, { code: 'no-such-file', message, at, hint: didYouMean(path, known) }))
  }
  // Whoever reviews a link sees where it leads, and not what is there; by two names one change would be made twice.
  if (files.isLinked?.(path) === true) {
    const subject = at.file === path ? 'this path' : `\`${path}\``
    const message = `${subject} is a link, or lies behind one: a change file is read under its own name alone`
    return refuse({ code: 'linked-file', message, at, hint: 'Put the file itself there.' })
  }
  const read = readText(content, path)
  return read.ok ? accept({ file: path, text: read.value }) : read
}

function circles(files: Files, start: ChangeFile): readonly Problem[] {
  return start.after.flatMap(({ path, at }) => {
    const way = wayTo(files, start.file, path)
    if (way === undefined) return []
    const message = `each of these must come after the next one: ${[start.file, ...way].join(', ')}`
    return [{ code: 'circle', message, at, hint: 'take one of them out of `after`' }]
  })
}

function wayTo(files: Files, wanted: string, from: string) {
  const seen = new Set<string>()
  const open: (readonly string[])[] = [[from]]
  for (let way = open.shift(); way !== undefined; way = open.shift()) {
    const last = posix.normalize(way.at(-1) ?? '')
    if (last === wanted) return way
    if (seen.has(last) || !isChangeFile(last)) continue
    seen.add(last)
    const content = files(last)
    const read = content === undefined ? undefined : readChangeFile(content, last)
    // What is wrong with another file is said of that one.
    if (read?.ok === true) open.push(...read.value.after.map(({ path }) => [...(way ?? []), path]))
  }
  return undefined
}

export function otherTicket(
  { ticket, file }: ChangeFile,
  asked: readonly { readonly around: string; readonly ticket?: string }[],
): readonly Problem[] {
  if (ticket === undefined) return []
  const others = asked.flatMap((one) => (one.around === 'ticket' && one.ticket !== ticket.name ? [one.ticket] : []))
  if (others.length === 0) return []
  const message = `the change file names ${ticket.name}, and its workflow asks whether ${others.join(', ')} allows the change`
  return [
    {
      ...problemOf(file, 'other-ticket', message, 'give both the same ticket'),
      at: ticket.at,
    },
  ]
}
