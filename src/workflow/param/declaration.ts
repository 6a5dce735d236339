import type { Problem } from '../../model/problem.ts'
import { type Located, locatedAt, type Path, placeOf, textPlaceOf } from '../../source/located.ts'
import type { Param, ScalarParam } from './schema.ts'

/**
 * What makes a declared parameter one that no value, or nothing sensible, can fit: a lowest number or length above the highest one,
 * and a pattern that is no regular expression; of a list also in its items. `written` is the declaration as its file has it.
 */
export function declarationProblems(name: string, param: Param, written: Located): readonly Problem[] {
  if (param.type !== 'list') return scalarProblems(name, param, written, [])
  const { minItems, maxItems, items } = param
  return [
    ...crossed(name, { minItems, maxItems }, written, []),
    ...scalarProblems(`${name}[]`, items, written, ['items']),
  ]
}

function scalarProblems(name: string, param: ScalarParam, written: Located, path: Path): readonly Problem[] {
  if (param.type === 'integer') {
    return crossed(name, { minimum: param.minimum, maximum: param.maximum }, written, path)
  }
  if (param.type !== 'string') return []
  return [...patternProblems(name, param.pattern, written, path), ...longChoices(name, param, written, path)]
}

/** The lowest and the highest of something, under the keys that say so. */
type Bounds = Readonly<Record<string, number | undefined>>

function crossed(name: string, bounds: Bounds, written: Located, path: Path): readonly Problem[] {
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

/** Texts to choose from that the parameter itself refuses as too long. */
function longChoices(
  name: string,
  { enum: choices = [], maxLength = Number.POSITIVE_INFINITY }: Extract<ScalarParam, { type: 'string' }>,
  written: Located,
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

function patternProblems(name: string, pattern: string | undefined, written: Located, path: Path): readonly Problem[] {
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
