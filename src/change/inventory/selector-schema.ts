import { z } from 'zod'
import { definedMembers } from '../../model/json.ts'
import { listWords, parseSelector } from './selector.ts'

/** `what` says whose it is where one is: `a budget counts by`. */
export function selectorSchema(of: string, what: string) {
  return z
    .string()
    .min(1)
    .max(10_000)
    .superRefine((text, { addIssue }) => {
      const [list] = listWords(text)
      const parsed = parseSelector(text)
      const [problem] = parsed.ok ? [] : parsed.problems
      if (list !== undefined) {
        const params = { code: 'selector-syntax', hint: `${what} names, tags and groups of the inventory` }
        addIssue({ code: 'custom', message: `\`${list.text}\` is no selector of ${of}`, params })
      } else if (problem !== undefined) {
        const { code, message, hint } = problem
        addIssue({ code: 'custom', message, params: { code, ...definedMembers({ hint }) } })
      }
    })
}
