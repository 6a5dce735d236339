import { z } from 'zod'
import { scopes } from '../../model/principal.ts'
import { duration } from '../../text/source/duration-schema.ts'
import { shortName } from '../../text/source/short-name.ts'
import { testedAnswer } from './gate-schema.ts'

/** A text in a policy that means one thing. */
export const text = z.string().min(1).max(200)

/** A moment with its offset from UTC. */
export const moment = z.iso.datetime({ offset: true }).meta({ examples: ['2026-12-18T00:00:00Z'] })

/** The shape of one of `tests:`: a request, and what the policy says to it. */
export function policyTest() {
  const device = z.union([text, z.strictObject({ name: text, tags: z.record(z.string(), z.string()).default({}) })])

  const given = z.strictObject({
    who: z
      .strictObject({
        kind: z.enum(['person', 'service', 'agent']).default('person'),
        issuer: text.default('local'),
        id: text.default('somebody'),
        groups: z.array(text).default([]),
        /** How long ago the last login was, in seconds. */
        authAgeSec: z.int().min(0).optional(),
        onBehalfOf: z.strictObject({ issuer: text, id: text, groups: z.array(text).default([]) }).optional(),
      })
      .describe('Who asks.')
      .meta({ examples: [{ issuer: 'corp', groups: ['netops'] }] }),
    action: z
      .enum(scopes)
      .describe('What for.')
      .meta({ examples: ['task.push'] }),
    devices: z
      .array(device)
      .default([])
      .describe('On which switches: names of the inventory, or `{ name, tags }`.')
      .meta({ examples: [['leaf1']] }),
    workflow: text.optional().describe('The path of the workflow file.'),
    at: moment.default('2026-01-05T12:00:00Z').describe('When.'),
    change: z
      .string()
      .max(100_000)
      .optional()
      .describe('The diff of each of the switches, as a plan prints it: `+`, `-` or a blank, a blank, and the line.')
      .meta({ examples: ['+ vlan 110\n+    name clients'] }),
    params: z
      .record(text, z.json())
      .default({})
      .describe('The parameters of the workflow.')
      .meta({ examples: [{ vlan: 2100 }] }),
    lasts: duration(0, 604_800, '15m').default(0).describe('How long the whole change takes.'),
    gate: testedAnswer
      .optional()
      .describe('What the gate is taken to answer; it is never asked. Without it the rules alone decide.')
      .meta({ examples: [{ deny: ['no ticket'] }] }),
    breakGlass: text
      .optional()
      .describe('The ticket given with `--break-glass`.')
      .meta({ examples: ['INC-1'] }),
  })

  const expected = z.strictObject({
    effect: z.enum(['allow', 'deny', 'closed']).describe('`closed`: only a window or a freeze prevents it.'),
    rules: z.array(shortName).optional().describe('Which rules decide, in the order of the file.'),
    approvals: z.int().min(0).optional().describe('The most approvals that one rule demands.'),
  })

  return z.strictObject({
    name: text.describe('What the test shows.').meta({ examples: ['nobody pushes to a leaf by day'] }),
    given,
    expect: z
      .union([
        z.enum(['allow', 'deny', 'closed']).transform((effect): z.output<typeof expected> => ({ effect })),
        expected,
      ])
      .meta({ examples: ['deny'] }),
  })
}
