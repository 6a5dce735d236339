import { z } from 'zod'
import { once } from '../../once.ts'
import { isSame } from './methods.ts'

/** The method lists of one type of a service (`login`, `commands`), by their names. */
export interface TypedLists<L> {
  readonly type: string
  readonly lists: Readonly<Record<string, L>>
}

/**
 * The lists of the given types, in the order of the answer; its keys are a type and a suffix (`loginAuthenMethods`).
 * Types of which it tells nothing follow, without lists.
 */
export function listsOfTypes<L>(
  answer: Readonly<Record<string, Readonly<Record<string, L>>>>,
  suffix: string,
  types: readonly string[],
): readonly TypedLists<L>[] {
  const told = Object.entries(answer).flatMap(([key, lists]) => {
    const type = types.find((one) => key === `${one}${suffix}`)
    return type === undefined ? [] : [{ type, lists }]
  })
  const silent = types.filter((type) => told.every((one) => one.type !== type))
  return [...told, ...silent.map((type) => ({ type, lists: {} }))]
}

/** What `show aaa methods authentication` and `show aaa methods authorization` tell: method lists by type and name. */
export const methodLists = once(() =>
  z.record(z.string(), z.record(z.string(), z.object({ methods: z.array(z.string()).optional() }))),
)

/** One method list of authentication or authorization. */
export type MethodList = z.output<ReturnType<typeof methodLists>>[string][string]

/** Where a method list is in force (`login`, `login console`); undefined: none is. */
export interface EffectiveMethodList {
  readonly where: string
  readonly list: MethodList | undefined
}

/** The lists that are in force somewhere, or that there is none. */
export function inForce(where: string, lists: readonly MethodList[]): readonly EffectiveMethodList[] {
  return lists.length === 0 ? [{ where, list: undefined }] : lists.map((list) => ({ where, list }))
}

/** What is wrong with the lists of a service: where there is none, and where there are other methods. */
export function differingMethods(
  service: 'authentication' | 'authorization',
  expected: readonly string[],
  places: readonly EffectiveMethodList[],
): readonly string[] {
  const missing = places.filter(({ list }) => list === undefined)
  const differing = places.filter(({ list }) => list !== undefined && !isSame(list.methods ?? [], expected))
  return [
    ...about(`AAA ${service} methods are not configured for`, missing),
    ...about(`AAA ${service} methods ${expected.join(', ')} are not matching for`, differing),
  ]
}

function about(message: string, places: readonly EffectiveMethodList[]): readonly string[] {
  const names = new Set(places.map(({ where }) => where))
  return names.size === 0 ? [] : [`${message} ${[...names].join(', ')}`]
}
