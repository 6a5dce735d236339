import { suggest } from '../source/suggest.ts'
import { CALLABLE, REFUSED } from './function-names.ts'
import { firstMentions, type Mention, type Names } from './names.ts'

export interface UnknownFunction extends Mention {
  readonly message: string
  readonly hint?: string
}

export function unknownFunctions({ called }: Names, variables?: ReadonlySet<string>): readonly UnknownFunction[] {
  return firstMentions(called)
    .filter(({ name }) => !CALLABLE.includes(name) && !Object.hasOwn(REFUSED, name) && variables?.has(name) !== true)
    .map((mention) => {
      const near = suggest(mention.name, CALLABLE)
      const hint = near === undefined ? {} : { hint: `did you mean $${near}?` }
      return { ...mention, message: `There is no function $${mention.name}.`, ...hint }
    })
}

export function variablesIn({ free }: Names): readonly Mention[] {
  return firstMentions(free).filter(({ name }) => !CALLABLE.includes(name) && !Object.hasOwn(REFUSED, name))
}
