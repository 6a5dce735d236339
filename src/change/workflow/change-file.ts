import { posix } from 'node:path'
import { z } from 'zod'
import type { ChangeTerms, EarlierChange } from '../../model/change-terms.ts'
import { sha256 } from '../../model/digest.ts'
import { type Place, type Problem, problemOf, type ValueOrProblems } from '../../model/error.ts'
import { definedMembers, unlessEmpty } from '../../model/json.ts'
import { absentProblem } from '../../text/source/files.ts'
import {
  accept,
  acceptUnless,
  keyPlaceOf,
  type LocatedValue,
  locatedAt,
  placeOf,
  problemsOf,
  readText,
  refuse,
  textPlaceOf,
} from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { parseWith, readYaml } from '../../text/source/yaml.ts'
import type { GivenParams } from './param/read.ts'
import type { Files, SourceText } from './template/files.ts'

export const CHANGES_FOLDER = 'changes'

export function isChangeFile(path: string): boolean {
  return /^changes\/(?:[^/]+\/)*[^/]+\.ya?ml$/.test(posix.normalize(path))
}

const instant = z.iso
  .datetime({ offset: true, error: 'a day, a time and its offset from UTC: `2026-11-20T22:00:00+01:00`' })
  // A year of more or less than four digits has another form in UTC (ECMA-262, Date Time String Format).
  .refine((text) => /^\d{4}-/.test(inUtc(text)), 'a time whose year in UTC is from 0000 to 9999')
  .meta({ examples: ['2026-11-20T22:00:00+01:00'] })

const named = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => !text.startsWith('/') && !text.split('/').includes('..'), {
    error: 'it leads out of the project',
    params: { code: 'outside-project', hint: 'write it from the root of the project' },
  })

/** The shape of a file of `changes/`. */
export const changeFileSchema = z
  .strictObject({
    version: z.literal(1).default(1),
    workflow: named
      .describe('The workflow: its file from the root of the project, or the name of a file of `workflows/`.')
      .meta({ examples: ['add-vlan'] }),
    params: z
      .record(z.string(), z.json())
      .default({})
      .describe('The parameters of the workflow.')
      .meta({ examples: [{ vlan: 140, label: 'PROD-CACHE' }] }),
    targets: z
      .string()
      .min(1)
      .max(10_000)
      .optional()
      .describe('Only these of the switches that the workflow is for: names, globs, `tag:value`, with and, or, not.')
      .meta({ examples: ['site:dc1'] }),
    ticket: z
      .string()
      .regex(/^[A-Za-z0-9][\w.:/#-]{0,63}$/, 'letters, digits and _ . : / # -, at most 64')
      .optional()
      .describe('The ticket that it is made for: in the plan, on record and in every report.')
      .meta({ examples: ['CHG-1234'] }),
    notBefore: instant.optional().describe('When the first switch may be changed.'),
    notAfter: instant
      .optional()
      .describe('By when the change must be over: no push begins that could not be verified and confirmed by then.'),
    after: z
      .array(named)
      .min(1)
      .max(50)
      .optional()
      .describe('Change files that must have succeeded before: their paths, or their names in `changes/`.')
      .meta({ examples: [['2026-11-18-vlan130']] }),
  })
  .meta({ id: 'change', title: 'eosflow change' })

export interface ChangeFile {
  readonly file: string
  readonly workflow: { readonly path: string; readonly at: Place }
  readonly params: GivenParams
  readonly paramsAt: Place
  readonly targets?: { readonly expression: string; readonly at: Place }
  readonly ticket?: { readonly name: string; readonly at: Place }
  /** ISO 8601 in UTC. */
  readonly notBefore?: string
  readonly notAfter?: string
  /** Where `notAfter` is written; where it would be, where it is not. */
  readonly notAfterAt: Place
  /** The paths of the changes that come before it, from the project's root. */
  readonly after: readonly { readonly path: string; readonly at: Place }[]
}

export interface JudgedChangeFile {
  readonly problems: readonly Problem[]
  /** Without the keys that are not; absent where nothing is left that names a workflow. */
  readonly good?: ChangeFile
}

export function readChangeFile(content: string | Uint8Array, file: string): ValueOrProblems<ChangeFile> {
  const { problems, good } = judgeChangeFile(content, file)
  return acceptUnless(problems, () => good as ChangeFile)
}

/** Reads a change file as far as it is good: what is wrong with one key hides nothing that is wrong with another. */
export function judgeChangeFile(content: string | Uint8Array, file: string): JudgedChangeFile {
  const read = readYaml(content, file)
  if (!read.ok) return { problems: read.problems }
  const located = read.value
  const parsed = parseWith(changeFileSchema, located)
  const problems = parsed.ok ? [] : parsed.problems
  const good = parsed.ok ? parsed.value : goodPart(located.value)
  if (good === undefined) return { problems }
  return { problems: [...problems, ...windowProblems(good, located)], good: changeIn(good, located, file) }
}

type WrittenChange = z.output<typeof changeFileSchema>

function goodPart(value: unknown) {
  const { error } = changeFileSchema.safeParse(value)
  const bad = (error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : issue.path.slice(0, 1).map(String),
  )
  if (typeof value !== 'object' || value === null) return undefined
  const left = Object.fromEntries(Object.entries(value).filter(([key]) => !bad.includes(key)))
  return changeFileSchema.safeParse(left).data
}

function changeIn(
  { workflow, params, targets, ticket, notBefore, notAfter, after = [] }: WrittenChange,
  located: LocatedValue,
  file: string,
): ChangeFile {
  return {
    file,
    workflow: { path: pathNamed(workflow, 'workflows'), at: textPlaceOf(located, ['workflow']) },
    params: Object.fromEntries(
      Object.keys(params).map((name) => [name, locatedAt(located, ['params', name]) ?? located] as const),
    ),
    paramsAt: keyPlaceOf(located, ['params']),
    ...(targets === undefined ? {} : { targets: { expression: targets, at: textPlaceOf(located, ['targets']) } }),
    ...(ticket === undefined ? {} : { ticket: { name: ticket, at: placeOf(located, ['ticket']) } }),
    ...(notBefore === undefined ? {} : { notBefore: inUtc(notBefore) }),
    ...(notAfter === undefined ? {} : { notAfter: inUtc(notAfter) }),
    notAfterAt: placeOf(located, ['notAfter']),
    after: after.map((name, index) => ({
      path: pathNamed(name, CHANGES_FOLDER),
      at: textPlaceOf(located, ['after', index]),
    })),
  }
}

function pathNamed(name: string, folder: string) {
  if (!/\.ya?ml$/.test(name)) return posix.normalize(`${folder}/${name}.yaml`)
  return posix.normalize(name.includes('/') ? name : `${folder}/${name}`)
}

function inUtc(text: string) {
  return new Date(text).toISOString()
}

function windowProblems({ notBefore, notAfter }: WrittenChange, located: LocatedValue): readonly Problem[] {
  if (notBefore === undefined || notAfter === undefined || Date.parse(notBefore) < Date.parse(notAfter)) return []
  const message = '`notAfter` is not behind `notBefore`: the change could never begin'
  return [{ code: 'no-window', message, at: placeOf(located, ['notAfter']), hint: 'write a later time' }]
}

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
    ...definedMembers({
      ticket: read.ticket?.name,
      notBefore: read.notBefore,
      notAfter: read.notAfter,
      after: unlessEmpty(after),
    }),
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
