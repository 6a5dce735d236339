import type { Problem, ValueOrProblems } from '../../model/problem.ts'

/** Everything that is wrong, each once. */
export function failed(problems: readonly Problem[]): ValueOrProblems<never> {
  const [first, ...others] = uniqueProblems(problems)
  if (first === undefined) throw new Error('failed without a problem')
  return { ok: false, problems: [first, ...others] }
}

// The same fault of one template would otherwise be reported once per switch.
function uniqueProblems(problems: readonly Problem[]) {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()]
}
