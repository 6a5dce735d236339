import { z } from 'zod'
import type { Command } from '../../../../model/command.ts'
import { once } from '../../../../model/once.ts'
import { passUnless, type Verdict } from '../../../../model/verdict.ts'
import { needed } from '../../answer/told.ts'
import { listsOfTypes, requireLists } from './method-lists.ts'
import { isSame, methods, serviceTypes } from './methods.ts'

/** `show aaa methods accounting`, revision 1. */
export const SHOW_ACCOUNTING: Command = { cmd: 'show aaa methods accounting', revision: 1 }

/** What `show aaa methods accounting` tells: by type and name, the methods of all sessions and those of the console. */
export const accountingLists = once(() =>
  z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        defaultAction: z.unknown().optional(),
        defaultMethods: z.array(z.string()).optional(),
        consoleAction: z.unknown().optional(),
        consoleMethods: z.array(z.string()).optional(),
      }),
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
  const typed = listsOfTypes(answer, 'AcctMethods', types).flatMap(({ type, lists }) =>
    Object.values(lists).map((list) => ({
      type,
      isConfigured: (list[`${scope}Action`] ?? undefined) !== undefined,
      isSame: isSame(needed(list, `${scope}Methods`), expected),
    })),
  )
  const missing = typed.filter(({ isConfigured }) => !isConfigured)
  const differing = typed.filter((one) => !one.isSame)
  const names = (some: typeof typed) => some.map(({ type }) => type).join(', ')
  if (missing.length > 0) return passUnless([`AAA ${scope} accounting is not configured for ${names(missing)}`])
  if (differing.length === 0) requireLists(answer, 'AcctMethods', types)
  return passUnless(
    differing.length === 0
      ? []
      : [`AAA accounting ${scope} methods ${expected.join(', ')} are not matching for ${names(differing)}`],
  )
}
