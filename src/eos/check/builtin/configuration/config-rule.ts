import { z } from 'zod'
import { secretsIn } from '../../../config/secrets/secrets.ts'
import { integer } from '../../input/numbers.ts'
import { pattern, word } from '../../input/words.ts'

const threshold = () =>
  z.strictObject({
    value: integer().describe('The bound that the captured number is compared with.'),
    operator: z.enum(['le', 'ge', 'eq']).default('eq').describe('le: at most, ge: at least, eq: exactly.'),
  })

const configEntry = () =>
  z
    .strictObject({
      description: z.string().nullish().describe('What the entry is for; messages begin with it.'),
      match: word().describe('What a command is, contains or matches.'),
      mode: z
        .enum(['exact', 'contains', 'regex'])
        .default('exact')
        .describe('exact: the whole command, contains: a part of it, regex: a pattern.'),
      absent: z.boolean().default(false).describe('Whether no command may be so.'),
      threshold: threshold().nullish().describe('What the first capture group of the pattern is compared with.'),
    })
    .refine(({ mode, match }) => mode !== 'regex' || pattern().safeParse(match).success, {
      path: ['match'],
      error: 'expected a regular expression, such as mtu (\\d+)',
    })
    .refine(({ threshold, mode, match }) => !threshold || (mode === 'regex' && hasGroup(match)), {
      path: ['threshold'],
      error: 'a threshold needs `mode: regex` and a capture group in `match`',
    })
    .refine(({ threshold, absent }) => !threshold || !absent, {
      path: ['threshold'],
      error: 'a threshold has no meaning with `absent`',
    })

/** A rule about running-config: a section, or the top level, and the commands that it has and has not. */
export const configRule = () =>
  z
    .strictObject({
      section: z
        .array(pattern().min(1))
        .min(1)
        .nullish()
        .describe('Path of the section, each element its command or a pattern that is the whole of it.'),
      entries: z.array(configEntry()).describe('What to verify in the section; none: that it exists.'),
    })
    .refine(({ section, entries }) => section || entries.length > 0, {
      path: ['entries'],
      error: 'a rule without a section needs entries',
    })

/** One thing to verify in a section. */
export type ConfigEntry = z.output<ReturnType<typeof configEntry>>

/** A type token, which is all that a rule says of a secret that it must not know. */
const TYPE = /^(?:0|5|7|8a|md5|sha\d{3})$/

/** The secrets that an entry demands; a pattern demands a form, and no secret. */
export function secretsOf({ mode, match }: ConfigEntry): readonly string[] {
  if (mode === 'regex') return []
  return secretsIn(match).flatMap(({ value }) => (TYPE.test(value) ? [] : [value]))
}

function hasGroup(written: string): boolean {
  try {
    return (new RegExp(`${written}|`).exec('')?.length ?? 0) > 1
  } catch {
    return false
  }
}
