import { z } from 'zod'
import type { JudgedService } from '../../model/judge.ts'
import { duration, shown } from '../../text/source/duration.ts'
import type { LocatedValue } from '../../text/source/located.ts'

const service = z.string().min(1).describe('A service under `judges:` of `eosflow.yaml`.')

const label = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'the name of a label')
  .refine((name) => !name.startsWith('__') && name !== 'eosflow', 'a label that Prometheus or eosflow keeps for itself')

const shared = {
  by: shown(
    label.optional(),
    'The label that names the switch. Without it the answer is about the network, and holds for every switch.',
    'instance',
  ),
  is: shown(
    z.string().min(1).max(1000).optional(),
    'What that label says of a switch. Without it the name or the address of the switch, with or without a port.',
    '{{ device.vars.fqdn }}:9116',
  ),
  mode: shown(z.literal('observe').optional(), 'It is asked and reported, and decides nothing.', 'observe'),
}

const query = z
  .strictObject({
    prometheus: service.meta({ examples: ['core'] }),
    query: shown(
      z.string().min(1).max(10_000),
      'PromQL, asked once in a round for all switches: `{{ device.name }}` is all of their names.',
      'sum by (instance) (rate(ifInErrors{instance=~"{{ device.name }}"}[1m]))',
    ),
    good: shown(
      z.string().min(1).max(1000),
      'JSONata over `value`, `before` and `labels` that must be true of every series.',
      'value <= before * 1.2 + 5',
    ),
    empty: z
      .enum(['fail', 'pass', 'cannot-judge'])
      .describe('What it means that a switch has no series, or has lost one that was there before.'),
    maxAge: duration(1, 3600, '45s')
      .optional()
      .describe('How old the newest sample of a switch may be. Without it twice the time between two scrapes.'),
    ...shared,
  })
  .describe('Asks Prometheus for values of now, and compares them with those before the change.')

const alerts = z
  .strictObject({
    alerts: service.meta({ examples: ['core'] }),
    labels: shown(
      z.record(label, z.string().max(500)).refine((labels) => Object.keys(labels).length > 0, 'at least one label'),
      'The labels that an alert must have to be looked at.',
      { severity: 'critical' },
    ),
    ...shared,
  })
  .describe('No alert with these labels may fire that did not fire before the change.')

export const judgesSchema = shown(
  z
    .array(z.union([query, alerts]))
    .min(1)
    .max(20),
  'What monitoring systems must say besides: each is asked once in a round, for all switches together.',
  [{ alerts: 'core', labels: { severity: 'critical' } }],
)

export type WrittenJudge = z.output<typeof judgesSchema>[number]

export interface JudgeCall {
  readonly judge: WrittenJudge
  readonly service: JudgedService
  readonly written: LocatedValue
}

export type KnownJudges = Readonly<Record<string, Pick<JudgedService, 'url' | 'scrape'>>>
