import type { Problem } from '../../model/problem.ts'

export class RefusedDefinition extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join('; '))
    this.name = 'RefusedDefinition'
    this.problems = problems
  }
}
