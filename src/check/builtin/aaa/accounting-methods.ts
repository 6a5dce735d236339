import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { passUnless, type Verdict } from '../../../model/verdict.ts'
import { once } from '../../once.ts'
import { listsOfTypes } from './method-lists.ts'
import { isSame, methods, serviceTypes } from './methods.ts'

/** `show aaa methods accounting`, revision 1. */
export const SHOW_ACCOUNTING: Command = { cmd: 'show aaa methods accounting', revision: 1 }

/** What `show aaa methods accounting` tells: by type and name, the methods of all sessions and those of the console. */
export const accountingLists = once(() =>
  z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({ defaultMethods: z.array(z.string()).optional(), consoleMethods: z.array(z.string()).optional() }),
    ),
  ),
)

/** The methods that accounting must use, and for what. */
export const accountingInput = once(() =>
  z.strictObject({ methods: methods(), types: serviceTypes(['commands', 'exec', 'system', 'dot1x']) }),
)

/** What people ask about accounting. */
export const ACCOUNTING_EXAMPLE = { methods: ['tacacs+', 'logging'], types: ['commands', 'exec', 'system'] } as const

/** Every list of each type has the methods; `scope` says of which sessions. */
export function judgeAccounting(
  scope: 'default' | 'console',
  { methods: expected, types }: z.output<ReturnType<typeof accountingInput>>,
  answer: z.output<ReturnType<typeof accountingLists>>,
): Verdict {
  const key = `${scope}Methods` as const
  const typed = listsOfTypes(answer, 'AcctMethods', types).map(({ type, lists }) => ({
    type,
    lists: Object.values(lists).map((list) => list[key] ?? []),
  }))
  const missing = typed.filter(({ lists }) => lists.length === 0 || lists.some((list) => list.length === 0))
  const differing = typed.filter(({ lists }) => lists.some((list) => list.length > 0 && !isSame(list, expected)))
  const names = (some: typeof typed) => some.map(({ type }) => type).join(', ')
  return passUnless([
    ...(missing.length === 0 ? [] : [`AAA ${scope} accounting is not configured for ${names(missing)}`]),
    ...(differing.length === 0
      ? []
      : [`AAA accounting ${scope} methods ${expected.join(', ')} are not matching for ${names(differing)}`]),
  ])
}
