import { z } from 'zod'
import { namedFaults, serviceName } from '../../project/files/settings/settings.ts'
import type { SettingsKey } from '../../project/system/feature/feature.ts'
import { duration } from '../../text/source/duration.ts'
import { serviceHeaders, serviceUrl } from '../../text/source/yaml.ts'

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

export type JudgeSettings = Readonly<Record<string, z.output<ReturnType<typeof service>>>>

/** The monitoring systems that workflows may ask if a change is good. */
export const judgeSettings: SettingsKey<JudgeSettings> = {
  name: 'judges',
  before: 'around',
  schema: () =>
    z
      .lazy(() => z.record(serviceName('core'), service()))
      .default({})
      .describe('The monitoring systems that `verify: judges:` of a workflow may ask; without it none.')
      .meta({ examples: [{ core: { url: 'https://prometheus.example.com', scrape: '15s' } }] }),
  faults: (services, hosts) => namedFaults('judge', services, hosts),
}
