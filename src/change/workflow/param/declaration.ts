import type { Problem } from '../../../model/problem.ts'
import {
  type LocatedValue,
  locatedAt,
  type Path,
  placeOf,
  textPlaceOf,
  writtenAt,
} from '../../../text/source/located.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { judgeScalar } from './judge.ts'
import { MOST_TABLE_ROWS, type Param, type RecordMember, type ScalarParam, type TableParam } from './schema.ts'

/** `written` is the declaration as its file has it. */
export function declarationProblems(name: string, param: Param, written: LocatedValue): readonly Problem[] {
  switch (param.type) {
    case 'list': {
      const { minItems, maxItems, items } = param
      return [
        ...crossed(name, { minItems, maxItems }, written, []),
        ...scalarProblems(`${name}[]`, items, written, ['items']),
      ]
    }
    case 'table': {
      const { minRows, maxRows = MOST_TABLE_ROWS, columns } = param
      return [
        ...crossed(name, { minRows, maxRows }, written, []),
        ...memberProblems(`${name}[]`, columns, written, 'columns'),
        ...keyProblems(name, param, written),
      ]
    }
    case 'object':
      return memberProblems(name, param.properties ?? {}, written, 'properties')
    default:
      return scalarProblems(name, param, written, [])
  }
}

function memberProblems(
  name: string,
  members: Readonly<Record<string, RecordMember>>,
  written: LocatedValue,
  under: 'columns' | 'properties',
): readonly Problem[] {
  return Object.entries(members).flatMap(([key, member]) => {
    const called = `${name}.${key}`
    const declared = scalarProblems(called, member, written, [under, key])
    return declared.length > 0 ? declared : ownValueProblems(called, member, written, [under, key])
  })
}

function ownValueProblems(called: string, member: RecordMember, written: LocatedValue, path: Path): readonly Problem[] {
  return (['default', 'example'] as const).flatMap((own): Problem[] => {
    const value = member[own]
    if (value === undefined) return []
    const judged = judgeScalar(member, value, writtenAt(written, [...path, own]))
    if (judged.ok) return []
    const [{ message, hint }] = judged.misfits
    const at = placeOf(written, [...path, own])
    return [{ code: 'bad-parameter', message: `the parameter \`${called}\`: ${message} (its \`${own}\`)`, at, hint }]
  })
}

function keyProblems(name: string, { key = [], columns }: TableParam, written: LocatedValue): readonly Problem[] {
  return [key].flat().flatMap((column, index): Problem[] => {
    const at = placeOf(written, typeof key === 'string' ? ['key'] : ['key', index])
    const found = Object.hasOwn(columns, column) ? columns[column] : undefined
    if (found === undefined) {
      const hint = didYouMean(column, Object.keys(columns))
      return [{ code: 'unknown-column', message: `the key of \`${name}\` names no column: \`${column}\``, at, hint }]
    }
    if (found.optional !== true) return []
    const hint = 'delete `optional`, or take the column out of the key'
    return [{ code: 'optional-key', message: `the key of \`${name}\` may be absent: \`${column}\``, at, hint }]
  })
}

function scalarProblems(name: string, param: ScalarParam, written: LocatedValue, path: Path): readonly Problem[] {
  if (param.type === 'integer') {
    return crossed(name, { minimum: param.minimum, maximum: param.maximum }, written, path)
  }
  if (param.type !== 'string') return []
  return [...patternProblems(name, param.pattern, written, path), ...longChoices(name, param, written, path)]
}

type Bounds = Readonly<Record<string, number | undefined>>

function crossed(name: string, bounds: Bounds, written: LocatedValue, path: Path): readonly Problem[] {
  const [[lowKey, low] = ['', undefined], [highKey, high] = ['', undefined]] = Object.entries(bounds)
  if (low === undefined || high === undefined || low <= high) return []
  return [
    {
      code: 'no-value-fits',
      message: `no value fits \`${name}\`: its \`${lowKey}\` ${low} is above its \`${highKey}\` ${high}`,
      at: placeOf(written, [...path, lowKey]),
      hint: `swap them, or write a \`${highKey}\` of ${low} or more`,
    },
  ]
}

function longChoices(
  name: string,
  { enum: choices = [], maxLength = Number.POSITIVE_INFINITY }: Extract<ScalarParam, { type: 'string' }>,
  written: LocatedValue,
  path: Path,
): readonly Problem[] {
  return choices.flatMap((choice, index) =>
    choice.length <= maxLength
      ? []
      : [
          {
            code: 'no-value-fits',
            message: `nobody can choose \`${choice}\` for \`${name}\`: it is longer than its \`maxLength\` ${maxLength}`,
            at: textPlaceOf(written, [...path, 'enum', index]),
            hint: `shorten it, or write a \`maxLength\` of ${choice.length} or more`,
          },
        ],
  )
}

function patternProblems(
  name: string,
  pattern: string | undefined,
  written: LocatedValue,
  path: Path,
): readonly Problem[] {
  if (pattern === undefined) return []
  try {
    new RegExp(`^(?:${pattern})$`)
    return []
  } catch {
    const at = textPlaceOf(locatedAt(written, [...path, 'pattern']) ?? written)
    const hint = 'see brackets and backslashes; in single quotes YAML leaves them as they are'
    return [{ code: 'bad-pattern', message: `the pattern of \`${name}\` is not a regular expression`, at, hint }]
  }
}
