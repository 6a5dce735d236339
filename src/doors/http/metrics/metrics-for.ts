import type { RecordApp } from '../../../project/app/app.ts'
import type { Console } from '../../../project/system/process/console.ts'
import type { ServerMetrics } from './server-metrics.ts'

/**
 * What a server shows to Prometheus, and says where; undefined where the settings name no place for it: then nothing of it is loaded. Throws
 * `busy` where its port is taken.
 */
export async function metricsFor(
  app: RecordApp,
  { tell }: Pick<Console, 'tell'>,
  failed: (what: string, error: unknown) => void,
): Promise<ServerMetrics | undefined> {
  const { metrics } = app.project.settings
  if (metrics === undefined) return undefined
  const { openServerMetrics } = await import('./server-metrics.ts')
  const opened = await openServerMetrics(app, metrics, failed)
  tell(`Metrics: http://127.0.0.1:${opened.port}/metrics\n`)
  return opened
}
