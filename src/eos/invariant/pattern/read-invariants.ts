import { definedMembers } from '../../../model/defined-members.ts'
import type { Problem, ValueOrProblems } from '../../../model/problem.ts'
import { acceptUnless, problemsOf } from '../../../text/source/checked.ts'
import { type LocatedValue, type Path, placeOf, textPlaceOf } from '../../../text/source/located.ts'
import { parseWith } from '../../../text/source/parse-with.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { readYaml } from '../../../text/source/yaml.ts'
import type { Invariant, InvariantFile } from './invariant.ts'
import { invariantsSchema, type WrittenInvariants } from './invariants-schema.ts'
import { type PathPattern, readPattern, type WordPattern } from './pattern.ts'

type Written = WrittenInvariants['invariants'][number]

/** Reads a file of `invariants/`, or gives everything that is wrong with it. */
export function readInvariants(content: string | Uint8Array, file: string): ValueOrProblems<InvariantFile> {
  const read = readYaml(content, file)
  if (!read.ok) return read
  const parsed = parseWith(invariantsSchema(), read.value)
  if (!parsed.ok) return parsed
  const { invariants, tests } = parsed.value
  const made = invariants.map((one, index) => readInvariant(one, ['invariants', index], read.value))
  const problems = [
    ...made.flatMap((one) => problemsOf(one)),
    ...duplicates(invariants, read.value),
    ...unknownBroken(parsed.value, read.value),
  ]
  return acceptUnless(problems, () => ({
    invariants: made.flatMap((one) => (one.ok ? [one.value] : [])),
    tests: tests.map(({ before, ...test }, index) => ({
      ...test,
      ...definedMembers({ before }),
      at: textPlaceOf(read.value, ['tests', index, 'name']),
    })),
  }))
}

function duplicates(invariants: readonly Written[], located: LocatedValue): readonly Problem[] {
  return invariants.flatMap(({ name }, index) =>
    invariants.findIndex((other) => other.name === name) === index
      ? []
      : [
          {
            code: 'duplicate-invariant',
            message: `two invariants are called \`${name}\``,
            at: textPlaceOf(located, ['invariants', index, 'name']),
            hint: 'give one another name',
          },
        ],
  )
}

function unknownBroken({ invariants, tests }: WrittenInvariants, located: LocatedValue): readonly Problem[] {
  const names = invariants.map(({ name }) => name)
  return tests.flatMap(({ breaks }, test) =>
    breaks.flatMap((name, index) =>
      names.includes(name)
        ? []
        : [
            {
              code: 'unknown-invariant',
              message: `there is no invariant \`${name}\` in this file`,
              at: textPlaceOf(located, ['tests', test, 'breaks', index]),
              hint: didYouMean(name, names),
            },
          ],
    ),
  )
}

interface Placed {
  readonly pattern: PathPattern
  readonly path: Path
}

function readInvariant(written: Written, at: Path, located: LocatedValue): ValueOrProblems<Invariant> {
  const problems: Problem[] = []
  const readAt = (text: string, path: Path): Placed => {
    // A list of one may be written as its text.
    const read = readPattern(text, textPlaceOf(located, path))
    problems.push(...problemsOf(read))
    return { pattern: read.ok ? read.value : { text, isFromRoot: false, lines: [] }, path }
  }
  const listed = (key: 'each' | 'where' | 'mustNot' | 'keep'): readonly Placed[] =>
    (written[key] ?? []).map((text, index) => readAt(text, [...at, key, index]))
  const inLists = (key: 'unless' | 'must'): readonly (readonly Placed[])[] =>
    (written[key] ?? []).map((texts, index) => texts.map((text, choice) => readAt(text, [...at, key, index, choice])))
  const [each, where, mustNot, keep] = [listed('each'), listed('where'), listed('mustNot'), listed('keep')]
  const [unless, must] = [inLists('unless'), inLists('must')]
  if (problems.length === 0)
    problems.push(
      ...valueProblems({ each, where, refer: [...unless.flat(), ...mustNot, ...must.flat()], keep }, located),
    )
  const patterns = (placed: readonly Placed[]) => placed.map(({ pattern }) => pattern)
  return acceptUnless(problems, () => ({
    name: written.name,
    ...(written.on === undefined ? {} : { on: { expression: written.on, at: textPlaceOf(located, [...at, 'on']) } }),
    each: patterns(each),
    where: patterns(where),
    unless: unless.map(patterns),
    must: must.map(patterns),
    mustNot: patterns(mustNot),
    keep: patterns(keep),
    because: written.because,
    at: textPlaceOf(located, [...at, 'name']),
  }))
}

interface Uses {
  readonly each: readonly Placed[]
  readonly where: readonly Placed[]
  readonly refer: readonly Placed[]
  readonly keep: readonly Placed[]
}

function valueProblems({ each, where, refer, keep }: Uses, located: LocatedValue): readonly Problem[] {
  const values = new Set(common(each.map(({ pattern }) => namesIn(pattern))))
  const inWhere = where.flatMap((one) => {
    const problems = unknownValues(one, values, true, located)
    for (const name of namesIn(one.pattern)) values.add(name)
    return problems
  })
  // A value that only some of the blocks have is known there.
  const known = new Set([...values, ...each.flatMap(({ pattern }) => namesIn(pattern))])
  return [
    ...each.filter(({ pattern }) => pattern.isFromRoot).map((one) => rooted(one, located)),
    ...each.flatMap((one) => unknownValues(one, new Set(), true, located)),
    ...inWhere,
    ...refer.flatMap((one) => unknownValues(one, known, false, located)),
    ...keep.flatMap((one) => unknownValues(one, known, true, located)),
  ]
}

function rooted({ path }: Placed, located: LocatedValue): Problem {
  const hint = 'delete the `/`: blocks are always looked for from the root'
  return { code: 'bad-pattern', message: '`each` has no `/`', at: placeOf(located, path), hint }
}

type Value = Extract<WordPattern, { readonly name: string }>

function valuesIn({ lines }: PathPattern) {
  return lines.flatMap(({ words }) => words.filter((word): word is Value => 'name' in word))
}

const namesIn = (pattern: PathPattern) => valuesIn(pattern).flatMap(({ kind, name }) => (kind === 'has' ? [] : [name]))

const common = ([first = [], ...rest]: readonly (readonly string[])[]) =>
  first.filter((name) => rest.every((names) => names.includes(name)))

function unknownValues(
  { pattern, path }: Placed,
  given: ReadonlySet<string>,
  mayTake: boolean,
  located: LocatedValue,
): readonly Problem[] {
  const known = new Set(given)
  return valuesIn(pattern).flatMap((word) => {
    const asked =
      word.kind === 'has' ? [word.name] : word.kind === 'value' && word.unlike !== undefined ? [word.unlike] : []
    const isNew = word.kind === 'value' && word.unlike === undefined && !known.has(word.name) && !mayTake
    const unknown = [...asked, ...(isNew ? [word.name] : [])].filter((name) => !known.has(name))
    known.add(word.name)
    return unknown.map((name) => ({
      code: 'unknown-value',
      message: `nothing in front of this pattern gives the value \`{${name}}\``,
      at: textPlaceOf(located, path),
      hint: isNew ? `${didYouMean(name, [...given])} write \`*\` for any word` : didYouMean(name, [...given]),
    }))
  })
}
