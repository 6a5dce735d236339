import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { isLoopback, listen } from './server-settings.ts'

/** `metrics:` of `eosflow.yaml`: where `eosflow serve` shows its metrics to Prometheus. */
export const metricsSettings = once(() =>
  z.strictObject({
    listen: listen
      .refine(isLoopback, {
        error: 'metrics are shown on this machine alone: nobody logs in there',
        params: {
          code: 'metrics-exposed',
          hint: 'listen on 127.0.0.1, and let what collects them run here or come by a proxy',
        },
      })
      .default('127.0.0.1:9464')
      .describe('Where `/metrics` is: an address of this machine.')
      .meta({ examples: ['127.0.0.1:9464'] }),
    perSwitch: z
      .boolean()
      .default(false)
      .describe('Whether each switch has its own series, by its name in the inventory: 100 to 300 for each.'),
  }),
)

export type MetricsSettings = z.output<ReturnType<typeof metricsSettings>>
