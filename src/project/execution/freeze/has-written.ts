import type { StateStart } from '../../../change/engine/authority.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { isUnderWay } from '../../../change/record/store/freeze.ts'
import type { Json } from '../../../model/json.ts'

export function writes({ state: { name, task } }: StateStart, records: readonly JournalEvent[]): boolean {
  if (task !== 'http') return task === 'push'
  const scheduled = records.findLast((record) => record.type === 'TaskScheduled' && record.state === name)
  return scheduled?.type === 'TaskScheduled' && isWritingRequest(scheduled.arguments)
}

/** Whether an execution has begun to change something since it was started or redriven last: a timed commit, or a request to a service. */
export function hasWritten(records: readonly JournalEvent[]): boolean {
  if (isUnderWay(records)) return true
  const since = records.slice(records.findLastIndex(({ type }) => type === 'ExecutionRedriven') + 1)
  const requests = new Set(
    since.flatMap((record) =>
      record.type === 'TaskScheduled' && isWritingRequest(record.arguments) ? [`${record.path} ${record.state}`] : [],
    ),
  )
  return since.some(
    (record) =>
      (record.type === 'TaskStarted' || record.type === 'TaskSubmitted') &&
      requests.has(`${record.path} ${record.state}`),
  )
}

function isWritingRequest(given: Json): boolean {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return false
  const { url, method } = given as Readonly<Record<string, Json>>
  return typeof url === 'string' && typeof method === 'string' && method !== 'GET' && method !== 'HEAD'
}
