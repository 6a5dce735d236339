import { z } from 'zod'
import type { WorkflowKey } from '../../change/workflow/definition/workflow-key.ts'
import { type JudgeSpec, judgeName } from '../../model/judge.ts'
import { allAccepted } from '../../text/source/located.ts'
import { filledJudge, readJudges } from './calls.ts'
import { type JudgeCall, judgesSchema, type WrittenJudge } from './schema.ts'
import { judgeSettings } from './settings.ts'

const text = z.string()
const seconds = z.int().min(0)

const judged = {
  service: text,
  url: text,
  scrape: seconds,
  by: text.exactOptional(),
  switches: z.record(text, z.array(text)).exactOptional(),
  mode: z.literal('observe').exactOptional(),
}

const planned = z.discriminatedUnion('judge', [
  z.strictObject({
    judge: z.literal('prometheus'),
    ...judged,
    query: text,
    good: text,
    empty: z.enum(['fail', 'pass', 'cannot-judge']),
    maxAge: seconds,
    window: seconds,
  }),
  z.strictObject({ judge: z.literal('alerts'), ...judged, labels: z.record(text, text) }),
])

/** `judges` of `verify`, and the judges of a plan with all values filled in. */
export const judgesKey: WorkflowKey<readonly WrittenJudge[], readonly JudgeCall[], readonly JudgeSpec[]> = {
  name: 'judges',
  in: 'verify',
  before: 'latency',
  schema: judgesSchema,
  setting: judgeSettings.name,
  judges: true,
  read: readJudges,
  checks: (calls) =>
    calls.map(({ judge, service: { service } }) =>
      judgeName({ judge: 'query' in judge ? 'prometheus' : 'alerts', service }),
    ),
  part: z.array(planned).min(1),
  fill: (calls, params, switches) => allAccepted(calls.map((call) => filledJudge(call, params, switches))),
  sent: (specs) =>
    specs.map((one) => ({
      one,
      message: `${judgeName(one)} is asked with a secret`,
      hint: 'Put the secret into a header of the service in eosflow.yaml, as a reference.',
    })),
}
