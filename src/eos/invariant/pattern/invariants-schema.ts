import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { shown } from '../../../text/source/duration.ts'

const pattern = z.string().min(1).max(500)
const lines = (what: string, example: readonly string[]) =>
  shown(
    z
      .union([pattern, z.array(pattern).min(1).max(50)])
      .transform((given) => (typeof given === 'string' ? [given] : given))
      .optional(),
    what,
    example,
  )

const lists = (what: string, example: readonly (string | readonly string[])[]) =>
  shown(
    z
      .union([
        pattern,
        z
          .array(z.union([pattern, z.array(pattern).min(1).max(20)]))
          .min(1)
          .max(50),
      ])
      .transform((given) =>
        (typeof given === 'string' ? [given] : given).map((one) => (typeof one === 'string' ? [one] : one)),
      )
      .optional(),
    what,
    example,
  )

function makeSchema() {
  const invariant = z
    .strictObject({
      name: shown(
        z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'small letters, digits and `-`, at most 64, a letter first'),
        'What it is called.',
        'trunk-has-a-list',
      ),
      on: shown(
        z.string().min(1).optional(),
        'The switches that it is for, as `-t` selects them; all of them without it.',
        'role:leaf',
      ),
      each: z
        .union([pattern, z.array(pattern).min(1).max(20)])
        .transform((given) => (typeof given === 'string' ? [given] : given))
        .describe(
          'The blocks that are judged, as a pattern of their line; `>` goes into a block. One of a list is enough.',
        )
        .meta({ examples: ['interface {port}', ['router bgp {asn}', 'router bgp {asn} > vrf {vrf}']] }),
      where: lines(
        'Lines that a block has if it is judged, all of them. Each way to find them is judged by its values.',
        ['switchport mode trunk'],
      ),
      unless: lists(
        'Lines of which a block has none if it is judged. A list inside the list counts where the block has all of it.',
        ['switchport trunk group *'],
      ),
      must: lists(
        'Lines that it must have, in the block, or with `/` in front anywhere. Of a list inside the list one is enough.',
        ['neighbor {peer} route-map * in', 'neighbor {peer} route-map * out'],
      ),
      mustNot: lines('Lines that it must not have.', ['switchport trunk allowed vlan 1-4094']),
      keep: lines('Lines that a change must not take from a block that stays.', ['ip access-group * {direction}']),
      because: shown(
        z.string().min(1).max(300),
        'Why it must hold: whoever breaks it reads this.',
        'a trunk without a list carries every VLAN, also those of tomorrow',
      ),
    })
    .refine(({ must, mustNot, keep }) => must !== undefined || mustNot !== undefined || keep !== undefined, {
      error: 'it demands nothing',
      params: { code: 'idle-invariant', hint: 'write `must`, `mustNot` or `keep`' },
    })

  const test = z.strictObject({
    name: shown(z.string().min(1).max(200), 'What it shows.', 'a trunk without a list'),
    before: z.string().optional().describe('The configuration before a change; without it nothing was there.'),
    config: shown(z.string(), 'The configuration that is judged.', 'interface Ethernet1\n   switchport mode trunk\n'),
    breaks: shown(
      z.array(z.string().min(1)),
      'The invariants of this file that it breaks, by their names; `[]`: all hold.',
      ['trunk-has-a-list'],
    ),
  })

  return z
    .strictObject({
      version: z.literal(1).default(1),
      invariants: z.array(invariant).min(1).describe('What must hold.'),
      tests: z.array(test).default([]).describe('Configurations, and what they break. `eosflow validate` judges them.'),
    })
    .meta({ id: 'invariants', title: 'eosflow invariants' })
}

/** The shape of a file of `invariants/`. */
export const invariantsSchema = once(makeSchema)

export type WrittenInvariants = z.output<ReturnType<typeof makeSchema>>
