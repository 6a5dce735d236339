import type { Problem, ValueOrProblems } from '../../model/problem.ts'

/** A {@link ValueOrProblems} that holds a value. */
export function accept<T>(value: T): ValueOrProblems<T> {
  return { ok: true, value }
}

/** A {@link ValueOrProblems} that holds problems: at least one. */
export function refuse<T = never>(first: Problem, ...rest: readonly Problem[]): ValueOrProblems<T> {
  return { ok: false, problems: [first, ...rest] }
}

/** The value when nothing is wrong with it, else everything that is, in the order of the file. */
export function acceptUnless<T>(problems: readonly Problem[], value: () => T): ValueOrProblems<T> {
  const [first, ...rest] = [...problems].sort(byPlace)
  return first === undefined ? accept(value()) : refuse(first, ...rest)
}

export function problemsOf(checked: ValueOrProblems<unknown>): readonly Problem[] {
  return checked.ok ? [] : checked.problems
}

export function together<Parts extends Readonly<Record<string, ValueOrProblems<unknown>>>>(
  parts: Parts,
): ValueOrProblems<{ [Name in keyof Parts]: Parts[Name] extends ValueOrProblems<infer Value> ? Value : never }> {
  const entries = Object.entries(parts)
  return acceptUnless(
    entries.flatMap(([, part]) => problemsOf(part)),
    () => Object.fromEntries(entries.map(([name, part]) => [name, part.ok ? part.value : undefined])) as never,
  )
}

function byPlace(a: Problem, b: Problem) {
  return a.at.file.localeCompare(b.at.file) || a.at.line - b.at.line || a.at.column - b.at.column
}

export function allAccepted<T>(checked: readonly ValueOrProblems<T>[]): ValueOrProblems<readonly T[]> {
  return acceptUnless(
    checked.flatMap((one) => problemsOf(one)),
    () => checked.flatMap((one) => (one.ok ? [one.value] : [])),
  )
}
