import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { word } from '../../input/words.ts'

/** Methods that are no group of servers: EOS shows every other one as `group tacacs+`. */
const BUILT_IN: readonly string[] = ['local', 'none', 'logging']

/** AAA methods in the order in which the switch tries them, as EOS shows them: `tacacs+` is `group tacacs+`. */
export const methods = once(() =>
  z.array(word().transform(asShown)).min(1).describe('The methods, in the order in which they are tried.'),
)

/** Which types of a service are judged: each once, in the order in which a catalog names them. */
export function serviceTypes<const T extends readonly [string, ...string[]]>(types: T) {
  return z
    .array(z.enum(types))
    .min(1)
    .transform((given) => [...new Set(given)])
    .describe('The types that are judged.')
}

/** Whether methods are the same in the same order. */
export function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((method, index) => method === others[index])
}

function asShown(method: string): string {
  return BUILT_IN.includes(method) || method.startsWith('group ') ? method : `group ${method}`
}
