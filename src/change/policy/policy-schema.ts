import { z } from 'zod'
import { QUIET_KINDS } from '../../model/change-kind.ts'
import { once } from '../../model/once.ts'
import { scopes } from '../../model/principal.ts'
import { duration } from '../../text/source/duration.ts'
import { shortName as name, shortName } from '../../text/source/short-name.ts'
import { PROOFS } from './approval-case.ts'
import { gateSchema, testedAnswer } from './gate-answer.ts'

const text = z.string().min(1).max(200)

// A moment with its offset from UTC.
const moment = z.iso.datetime({ offset: true }).meta({ examples: ['2026-12-18T00:00:00Z'] })

function policyTest() {
  const device = z.union([text, z.strictObject({ name: text, tags: z.record(z.string(), z.string()).default({}) })])

  const given = z.strictObject({
    who: z
      .strictObject({
        kind: z.enum(['person', 'service', 'agent']).default('person'),
        issuer: text.default('local'),
        id: text.default('somebody'),
        groups: z.array(text).default([]),
        // How long ago the last login was, in seconds.
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

function makeSchema() {
  const glob = z.string().min(1).max(200)
  const clock = z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time of day from 00:00 to 23:59')
    .meta({ examples: ['22:00'] })
  const seconds = z.int().min(1).max(31_536_000)

  const role = z
    .strictObject({
      members: z
        .array(text)
        .min(1)
        .describe(
          '`issuer:group:NAME`, `issuer:sub:NAME`, `kind:person`, `schedule:NAME`, `hook:NAME`, `worker:NAME`, or an identity as `whoami` prints it.',
        )
        .meta({ examples: [['corp:group:netops']] }),
      maxAuthAgeSec: seconds
        .optional()
        .describe('How old the last login may be, in seconds; a member with an older one does not have this role.')
        .meta({ examples: [900] }),
    })
    .describe('Who has a role.')

  const window = z
    .strictObject({
      tz: text.describe('A time zone of the IANA database.').meta({ examples: ['Europe/Berlin'] }),
      days: z
        .array(z.enum(['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su']))
        .min(1)
        .describe('The days on which the window begins.')
        .meta({ examples: [['mo', 'tu', 'we', 'th']] }),
      from: clock.describe('When it begins, by the clock on the wall of that zone.'),
      to: z
        .union([clock, z.literal('24:00')])
        .describe('When it ends; on the next day when that is not later than `from`.')
        .meta({ examples: ['04:00'] }),
    })
    .describe('When changes may be made.')

  const freeze = z
    .strictObject({ name, from: moment, to: moment })
    .describe('When rules with `noFreeze` do not hold.')
    .meta({ examples: [{ name: 'year-end', from: '2026-12-18T00:00:00Z', to: '2027-01-04T00:00:00Z' }] })

  const actions = z
    .array(z.enum(scopes))
    .min(1)
    .meta({ examples: [['execution.start', 'task.push', 'task.confirm', 'task.rollback']] })

  const change = z
    .strictObject({
      kinds: z
        .array(text)
        .min(1)
        .optional()
        .describe('Kinds of lines: `vlan`, `interface.description`, `interface` for all that begin so, or `any`.')
        .meta({ examples: [['vlan', 'interface.description']] }),
      maxLines: z
        .int()
        .min(1)
        .max(100_000)
        .optional()
        .describe('Of a rule with `instead`: how many lines of a switch may change at the most; 20 without it.'),
      removes: z
        .boolean()
        .optional()
        .describe(
          'Of a rule with `instead`: whether lines may go away. Of any other: only lines that do, or that do not.',
        ),
    })
    .describe('What the change is: what is typed, and what the switch says that it makes of it.')
    .meta({ examples: [{ kinds: ['vlan', 'interface.description'] }] })

  const paramValue = z.union([text, z.int().transform(String), z.boolean().transform(String)])

  const params = z
    .record(text, z.union([paramValue.transform((given) => [given]), z.array(paramValue).min(1)]))
    .describe(
      'Values of parameters of the workflow: a number, a text with `*` and `?`, `2000-2999`, or a list of them.',
    )
    .meta({ examples: [{ vlan: '2000-2999' }] })

  const selection = z
    .strictObject({
      tags: z
        .array(glob)
        .min(1)
        .optional()
        .describe('Switches with one of these tags: `role:leaf`, or `leaf` for any tag of that value. Globs.')
        .meta({ examples: [['role:leaf']] }),
      devices: z
        .array(glob)
        .min(1)
        .optional()
        .describe('Switches with one of these names. Globs.')
        .meta({ examples: [['leaf*']] }),
      workflows: z
        .array(glob)
        .min(1)
        .optional()
        .describe('Workflow files, by their path from the project. Globs.')
        .meta({ examples: [['workflows/add-vlan.yaml']] }),
      maxConcurrent: z
        .int()
        .min(1)
        .optional()
        .describe('How many of these switches one execution may change at the same time.'),
      change: change.optional(),
      params: params.optional(),
    })
    .describe('What the rule is about; without it everything. All members must match.')
    .meta({ examples: [{ tags: ['role:leaf'] }] })

  const conditions = z
    .strictObject({
      window: z
        .union([name, z.array(name).min(1)])
        .transform((given) => (typeof given === 'string' ? [given] : given))
        .optional()
        .describe('The whole change lies within one of these windows.')
        .meta({ examples: ['night'] }),
      noFreeze: z.boolean().default(false).describe('No freeze falls into the change.'),
      maxAuthAgeSec: seconds
        .optional()
        .describe('How long ago the last login may be.')
        .meta({ examples: [900] }),
      reason: z
        .union([
          z.literal('ticket'),
          z.strictObject({
            prefixes: z
              .array(
                z.string().regex(/^[A-Z][A-Z0-9]{0,15}$/, 'capital letters and digits, at most 16, a letter first'),
              )
              .min(1)
              .meta({ examples: [['INC', 'CHG']] }),
          }),
        ])
        .transform((given) => (given === 'ticket' ? { prefixes: ['INC', 'CHG'] } : given))
        .optional()
        .describe('The ticket that `--break-glass` must name: `ticket` is INC-1 or CHG-1 with up to 10 digits.'),
    })
    .describe('When the rule holds.')

  const demand = z.strictObject({
    count: z.int().min(1).max(20).default(1).describe('How many approvals.'),
    from: z
      .array(name)
      .default([])
      .describe('Roles whose members count; without it whoever may approve.')
      .meta({ examples: [['approver']] }),
    distinct: z
      .enum(['person', 'identity'])
      .default('person')
      .describe('What tells two approvers apart: the human, or the identity.'),
    notRequester: z.boolean().default(false).describe('Whoever made the plan does not count.'),
    knownRequester: z
      .literal(true)
      .optional()
      .describe(
        'Who made the plan must be a person of trust/allowed_signers, by a name there that says their local user.',
      ),
    notRunner: z.boolean().default(false).describe('Whoever runs the execution does not count.'),
    maxAge: duration(60, 2_592_000, '4h').optional().describe('How old an approval may be when it is used.'),
    proof: z
      .array(z.enum(PROOFS))
      .min(1)
      .optional()
      .describe('How the approver must have proved the decision, one of these; without it however they can.')
      .meta({ examples: [['ssh', 'passkey']] }),
    carry: z
      .strictObject({
        kinds: z
          .array(z.enum(QUIET_KINDS))
          .min(1)
          .describe('Kinds of lines in which the base may differ; only those that touch no traffic.')
          .meta({ examples: [['interface.description', 'vlan.name']] }),
      })
      .optional()
      .describe('Approvals may carry to a plan that is made again, over these lines alone; without it never.'),
  })

  const rule = z
    .strictObject({
      id: name.describe('What decisions name the rule by.').meta({ examples: ['leaf-change'] }),
      allow: actions.optional().describe('What the rule allows. Exactly one of `allow` and `deny` is there.'),
      deny: actions.optional().describe('What the rule denies, whatever any other rule allows.'),
      to: z
        .array(text)
        .min(1)
        .describe('Roles, and `kind:person`, `kind:service` or `kind:agent`.')
        .meta({ examples: [['operator']] }),
      on: selection.prefault({}),
      instead: z
        .array(name)
        .min(1)
        .optional()
        .describe(
          'Rules that are not asked where the whole change is within `on.change` of this one: it asks for less than they do.',
        )
        .meta({ examples: [['leaf-change']] }),
      when: conditions.prefault({}),
      require: z.strictObject({ approvals: demand }).optional().describe('What must hold besides.'),
      effects: z
        .strictObject({
          notify: z.array(text).default([]).describe('Whom to notify. It is put on record.'),
          reviewWithin: duration(60, 31_536_000, '24h').optional().describe('Within what time it is to be reviewed.'),
          maxTtl: duration(60, 604_800, '1h').optional().describe('For how long the execution may go on with it.'),
        })
        .optional()
        .describe('What a break-glass rule brings with it.'),
    })
    .describe('A rule. What no rule allows is denied.')

  return z
    .strictObject({
      version: z.literal(1).meta({ examples: [1] }),
      roles: z
        .record(name, role)
        .default({})
        .describe('Groups of identities, by a name of your choice.')
        .meta({ examples: [{ operator: { members: ['corp:group:netops'] } }] }),
      windows: z.record(name, window).default({}).describe('Change windows, by name.'),
      freezes: z.array(freeze).default([]).describe('Times without changes.'),
      rules: z.array(rule).default([]).describe('What is allowed and denied. What no rule allows is denied.'),
      approvals: z
        .literal('anyStore')
        .optional()
        .describe(
          'Take approvals whatever store they are for: then they are not single-use, and a rejection holds in one store only.',
        ),
      gate: gateSchema
        .optional()
        .describe('Who is asked besides about every plan; it can only deny, or demand approvals.'),
      tests: z.array(policyTest()).default([]).describe('What `eosflow policy test` tries.'),
    })
    .meta({ id: 'policy', title: 'eosflow policy' })
}

/** The shape of `policy.yaml`: who may do what, when, and whose approval it needs. */
export const policySchema = once(makeSchema)

export type PolicyFile = z.output<ReturnType<typeof makeSchema>>
