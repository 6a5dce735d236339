import { z } from 'zod'
import type { AroundService } from '../../../model/around.ts'
import { duration, shown } from '../../../text/source/duration.ts'
import type { LocatedValue } from '../../../text/source/located.ts'

const service = z.string().min(1).describe('A service under `around:` of `eosflow.yaml`.')

const matcher = z.strictObject({
  name: shown(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'the name of a label'),
    'A label of the alerts.',
    'instance',
  ),
  value: shown(
    z.string().min(1).max(1000),
    'What it must be: `{{ device.name }}` is each of the switches.',
    '{{ device.name }}',
  ),
  isRegex: z.boolean().default(false).describe('Whether the value is a regular expression.'),
  isEqual: z.boolean().default(true).describe('`false`: the label must be anything else.'),
})

const silence = z
  .strictObject({
    silence: service.meta({ examples: ['alerts'] }),
    matchers: shown(z.array(matcher).min(1).max(20), 'Which alerts: all of these must be so of one.', [
      { name: 'instance', value: '{{ device.name }}' },
    ]),
    for: duration(60, 86_400, '2h').default(3600).describe('When it ends at the latest, whatever becomes of eosflow.'),
  })
  .describe('Alerts about the change wake nobody: a silence of Alertmanager, which is ended with the change.')

const annotation = z
  .strictObject({
    annotate: service.meta({ examples: ['graphs'] }),
    tags: shown(z.array(z.string().min(1).max(200)).max(20).default([]), 'Further tags of the annotation.', [
      'network',
    ]),
  })
  .describe('Marks the time of the change in the graphs of Grafana.')

const ticket = z
  .strictObject({
    ticket: service.meta({ examples: ['changes'] }),
    number: shown(z.string().min(1).max(200), 'The number of the ticket, or the key of the issue.', '{{ ticket }}'),
  })
  .describe('A ticket of ServiceNow or Jira must allow the change before its first push, and hears how it ended.')

const journal = z
  .strictObject({ journal: service.meta({ examples: ['netbox'] }) })
  .describe('Says in the journal of each switch in NetBox how the change ended.')

const secret = z
  .strictObject({
    secret: shown(
      z.string().min(3).max(300),
      'The path of a secret in Vault (KV version 2) and its field, as a reference has them.',
      'kv/data/net/eosflow-rw#password',
    ),
    length: z.int().min(12).max(128).default(32).describe('How many characters a new one has.'),
  })
  .describe(
    'A new secret is made and pending in Vault, and current once all switches have it. Templates read `rotated`.',
  )

/** `around` of a workflow file. */
export const aroundSchema = shown(
  z
    .array(z.union([silence, annotation, ticket, journal, secret]))
    .min(1)
    .max(20)
    .optional(),
  'What other services are asked before the first push, and what is done at them around the change.',
  [{ ticket: 'changes', number: '{{ ticket }}' }],
)

export type WrittenAround = NonNullable<z.output<typeof aroundSchema>>[number]

export interface AroundCall {
  readonly entry: WrittenAround
  readonly service: string
  readonly found: AroundService
  readonly written: LocatedValue
}

export type KnownAround = Readonly<Record<string, AroundService>>
