import { startedTimers } from '../../../change/engine/running-timers.ts'
import type { EventBody } from '../../../change/record/event/event.ts'
import type { NoticeKind } from '../../../model/notice.ts'
import { waitingFor } from '../../../report/phrases/waiting-for.ts'
import { duration, switches } from '../../../report/text/count.ts'
import { severityOfKind } from './message/notification.ts'
import type { OpenChange } from './open-change.ts'
import type { Watch } from './watch.ts'

// An approval that is waited for longer, in milliseconds, gets a notice.
const WAITS = 15 * 60_000
const NEAR = 0.25
// An anchor has to take a checkpoint within so many milliseconds: one is signed each day.
const OLD = 25 * 3_600_000

export interface NoticeContext {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** How much the disk of the store has to give, and below which a notice is opened, in bytes; undefined where nobody has looked. */
  readonly disk?: { readonly free: number; readonly least: number }
  /** Since when each anchor lacks a checkpoint: when the newest was signed that it has taken, or the first of all, in milliseconds since the epoch. */
  readonly anchors?: readonly { readonly name: string; readonly lacksSince: number | undefined }[]
}

export interface Abnormality {
  readonly notice: NoticeKind
  readonly cause: string
  readonly reason: string
  readonly concerns?: string
  readonly devices?: readonly string[]
}

export function noticesDue(watch: Watch, moment: NoticeContext): readonly EventBody[] {
  const found = abnormal(watch, moment)
  const causes = new Set(found.map(({ cause }) => cause))
  const unseen = unseenIn(moment)
  const opened = found
    .filter(({ cause }) => !watch.notices.has(cause))
    .map(({ notice, ...rest }): EventBody => {
      return { type: 'NoticeOpened', notice, severity: severityOfKind(notice), ...rest }
    })
  const closed = [...watch.notices].flatMap(([cause, { seq, kind, ...about }]): readonly EventBody[] => {
    if (causes.has(cause) || unseen.includes(kind)) return []
    return [{ type: 'NoticeClosed', notice: kind, cause, opened: seq, ...about }]
  })
  return [...opened, ...closed]
}

function unseenIn({ disk, anchors }: NoticeContext): readonly NoticeKind[] {
  return [
    ...(disk === undefined ? (['disk-low'] as const) : []),
    ...(anchors === undefined ? (['anchor-old'] as const) : []),
  ]
}

function abnormal(watch: Watch, moment: NoticeContext): readonly Abnormality[] {
  const changes = [...watch.open.values()]
  return [
    ...leftSo(watch),
    ...oddNetworks(watch),
    ...badAfters(watch),
    ...notIntact(watch),
    ...changes.flatMap((change) => [...nearEnd(change, moment), ...waiting(change, moment), ...brokenGlass(change)]),
    ...[...watch.drifted].map(([name, { reason }]): Abnormality => {
      return { notice: 'drift-found', cause: `drift-found ${name}`, reason, devices: [name] }
    }),
    ...[...watch.missed].map(([name, { reason }]): Abnormality => {
      return { notice: 'schedule-missed', cause: `schedule-missed ${name}`, reason }
    }),
    ...oldAnchors(moment),
    ...lowDisk(moment),
  ]
}

function leftSo({ left }: Watch): readonly Abnormality[] {
  return [...left].map(([execution, { kind, reason, devices }]) => {
    const about = devices.length === 0 ? {} : { devices }
    return { notice: kind, cause: `${kind} ${execution}`, reason, concerns: execution, ...about }
  })
}

function oddNetworks({ networks }: Watch): readonly Abnormality[] {
  return [...networks].map(([device, { kind, reason, execution }]) => {
    return { notice: kind, cause: `${kind} ${device}`, reason, concerns: execution, devices: [device] }
  })
}

function badAfters({ afters }: Watch): readonly Abnormality[] {
  return [...afters].map(([execution, { kind, reason, devices }]) => {
    return { notice: kind, cause: `${kind} ${execution}`, reason, concerns: execution, devices }
  })
}

function notIntact({ tampered }: Watch): readonly Abnormality[] {
  if (tampered === undefined) return []
  return [{ notice: 'record-not-intact', cause: 'record-not-intact', reason: tampered.reason }]
}

function nearEnd({ execution, verified }: OpenChange, { now }: NoticeContext): readonly Abnormality[] {
  if (execution.status !== 'running') return []
  const near = startedTimers(execution).filter(({ device, until }) => {
    const seconds = execution.devices.get(device)?.timer ?? 0
    return !verified.has(device) && until - now < NEAR * seconds * 1000
  })
  const [first] = near
  if (first === undefined) return []
  const devices = near.map(({ device }) => device)
  const reason = `${devices.length === 1 ? first.device : switches(devices.length)} not verified, and less than a quarter of the commit timer is left`
  return [
    { notice: 'timer-near-end', cause: `timer-near-end ${execution.id}`, reason, concerns: execution.id, devices },
  ]
}

function waiting({ execution }: OpenChange, { now }: NoticeContext): readonly Abnormality[] {
  const since = waitingFor(execution).flatMap(({ path, waitsFor }) =>
    waitsFor === 'approval' ? [execution.scopes.get(path)?.enteredAt ?? now] : [],
  )
  if (since.length === 0 || now - Math.min(...since) <= WAITS) return []
  const reason = `nobody has decided about its plan for ${duration(WAITS / 1000)}`
  return [{ notice: 'approval-waits', cause: `approval-waits ${execution.id}`, reason, concerns: execution.id }]
}

function brokenGlass({ execution: { id }, glass }: OpenChange): readonly Abnormality[] {
  if (glass === undefined) return []
  const reason = `${glass.by} broke the glass: ${glass.reason}`
  return [{ notice: 'break-glass', cause: `break-glass ${id}`, reason, concerns: id }]
}

function oldAnchors({ now, anchors = [] }: NoticeContext): readonly Abnormality[] {
  return anchors
    .filter(({ lacksSince }) => lacksSince !== undefined && now - lacksSince > OLD)
    .map(({ name }) => {
      const reason = `the anchor ${name} has taken no checkpoint for more than ${duration(OLD / 1000)}`
      return { notice: 'anchor-old', cause: `anchor-old ${name}`, reason }
    })
}

function lowDisk({ disk }: NoticeContext): readonly Abnormality[] {
  if (disk === undefined || disk.free >= disk.least) return []
  const mib = (bytes: number) => `${Math.floor(bytes / 2 ** 20)} MiB`
  return [
    { notice: 'disk-low', cause: 'disk-low', reason: `the disk of the store has less than ${mib(disk.least)} to give` },
  ]
}
