import { z } from 'zod'
import { duration } from '../../text/source/duration-schema.ts'
import { momentSchema } from './moment.ts'

const labels = z.record(z.string().min(1), z.string())
const value = z.union([z.number(), z.enum(['NaN', '+Inf', '-Inf'])])

export const judgeAnswerSchema = z
  .strictObject({
    when: momentSchema
      .optional()
      .describe(
        'The state from whose beginning on it says so, or how long after the end: `+2h`; from the start without it. The last that has begun counts.',
      ),
    query: z
      .string()
      .min(1)
      .optional()
      .describe('A part of the query that it is for; every query without it.')
      .meta({ examples: ['ifInErrors'] }),
    values: z
      .record(z.string().min(1), value)
      .optional()
      .describe('A value for each switch, by what the label of `by` says of it.')
      .meta({ examples: [{ leaf1: 3 }] }),
    series: z
      .array(z.strictObject({ labels, value }))
      .optional()
      .describe('Series with all of their labels, instead of `values`.')
      .meta({ examples: [[{ labels: { instance: 'leaf1', ifName: 'Ethernet1' }, value: 3 }]] }),
    firing: z
      .array(labels)
      .optional()
      .describe('The labels of each alert that fires.')
      .meta({ examples: [[{ alertname: 'PeerDown', severity: 'critical' }]] }),
    age: duration(1, 86_400, '2m').optional().describe('How old the newest sample is.'),
    fails: z.enum(['unreachable', 'lost-answer']).optional().describe('Nothing arrives, or no answer comes back.'),
  })
  .refine(({ values, series, firing, fails }) => [values, series, firing, fails].some((one) => one !== undefined), {
    error: 'an answer says something',
    params: { hint: 'add `values: { leaf1: 3 }`, `series: []`, `firing: []` or `fails: unreachable`' },
  })

export type JudgeAnswerOfTest = z.output<typeof judgeAnswerSchema>
