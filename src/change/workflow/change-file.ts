import { posix } from 'node:path'
import { z } from 'zod'
import type { Place, Problem, ValueOrProblems } from '../../model/problem.ts'
import { acceptUnless } from '../../text/source/checked.ts'
import { keyPlaceOf, type LocatedValue, locatedAt, placeOf, textPlaceOf } from '../../text/source/located.ts'
import { parseWith } from '../../text/source/parse-with.ts'
import { readYaml } from '../../text/source/yaml.ts'
import type { GivenParams } from './param/read.ts'

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
