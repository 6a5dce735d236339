import type { Problem } from '../../model/problem.ts'

/** A definition that is not valid, or holds what eosflow does not run: nothing was begun. */
export class RefusedDefinition extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join('; '))
    this.name = 'RefusedDefinition'
    this.problems = problems
  }
}
