import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { MissingMember } from '../../answer/told.ts'

/** The method lists of one type of a service (`login`, `commands`), by their names. */
export interface TypedLists<L> {
  readonly type: string
  readonly lists: Readonly<Record<string, L>>
}

type ServiceAnswer<L> = Readonly<Record<string, Readonly<Record<string, L>>>>

/** The lists of the given types, in the order of the answer; its keys are a type and a suffix (`loginAuthenMethods`). */
export function listsOfTypes<L>(
  answer: ServiceAnswer<L>,
  suffix: string,
  types: readonly string[],
): readonly TypedLists<L>[] {
  return Object.entries(answer).flatMap(([key, lists]) => {
    const type = types.find((one) => key === `${one}${suffix}`)
    return type === undefined ? [] : [{ type, lists }]
  })
}

/** Throws MissingMember where the answer has no list of a type: a service without lists is not one that uses the right methods. */
export function requireLists<L>(answer: ServiceAnswer<L>, suffix: string, types: readonly string[]): void {
  for (const type of types) {
    const key = `${type}${suffix}`
    const lists = Object.hasOwn(answer, key) ? answer[key] : undefined
    if (lists === undefined || Object.keys(lists).length === 0) throw new MissingMember(answer, key)
  }
}

/** What `show aaa methods authentication` and `show aaa methods authorization` tell: method lists by type and name. */
export const methodLists = once(() =>
  z.record(z.string(), z.record(z.string(), z.object({ methods: z.array(z.string()).optional() }))),
)

/** One method list of authentication or authorization. */
export type MethodList = z.output<ReturnType<typeof methodLists>>[string][string]
