import type { Problem } from '../model/problem.ts'

/** The problem with a project that has a policy file: policies are not built yet, and going on as if there were none would weaken them. */
export function policyNotBuiltYet(file: string): Problem {
  return {
    code: 'not-built-yet',
    message: 'policies are not built yet, and a policy that is there is never ignored',
    at: { file, line: 1, column: 1 },
    hint: 'Move it out of the project to work in local mode, where the local user approves.',
  }
}
