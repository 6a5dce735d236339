import { z } from 'zod'
import type { AllowedHost } from '../../../model/http-port.ts'
import { once } from '../../../model/once.ts'
import { duration } from '../../../text/source/duration-schema.ts'
import { serviceFaults, serviceHeaders, serviceUrl } from '../../../text/source/service-schema.ts'

const url = serviceUrl('for example `https://prometheus.example.com` or `https://mimir.example.com/prometheus`')
  .describe('Where its API is: `/api/v1/query` is put behind it. Its origin must be among `http: hosts:`.')
  .meta({ examples: ['https://prometheus.example.com'] })

const service = () =>
  z.strictObject({
    url,
    headers: serviceHeaders.meta({ examples: [{ 'X-Scope-OrgID': 'network' }] }),
    scrape: duration(1, 3600, '15s')
      .default(60)
      .describe('How often the switches are scraped: time between two samples.'),
  })

/** `judges:` of `eosflow.yaml`: the monitoring systems that workflows may ask whether a change is good. Without it there is none. */
export const judgeSettings = once(() =>
  z.record(
    z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,31}$/, 'small letters, digits and `-`')
      .meta({ examples: ['core'] }),
    service(),
  ),
)

/** What the settings say of judges, by name. */
export type JudgeSettings = z.output<ReturnType<typeof judgeSettings>>

/** What is wrong with judges beside the services that may be asked, each with its path in the settings. */
export function judgeFaults(judges: JudgeSettings, hosts: readonly AllowedHost[]): ReturnType<typeof serviceFaults> {
  return Object.entries(judges).flatMap(([name, service]) =>
    serviceFaults(`the judge \`${name}\``, service, hosts).map((fault) => ({ ...fault, path: [name, ...fault.path] })),
  )
}
