import { hostname } from 'node:os'
import type { AuditTrail, StoredCheckpoint } from '../../../change/record/audit/audit-trail.ts'
import { checkpointLine, wrappedNote } from '../../../change/record/audit/signed-note.ts'
import { EosflowError, messageOf } from '../../../model/error.ts'
import { count } from '../../../report/text/text.ts'
import type { RecordApp } from '../../app/app.ts'
import type { AnchorSettings } from '../../files/settings/audit-settings.ts'
import type { Console } from '../../system/process/console.ts'
import type { Host } from '../../system/process/host.ts'
import { noSeams } from '../../system/process/seams.ts'
import { type Receivers, receiversOf } from './receivers.ts'

interface CheckpointForwarder {
  close(): Promise<void>
}

const LOOK_MILLISECONDS = 5_000
const TRY_MILLISECONDS = 3_000
// After a failure the next command does not wait for the same anchor again at once.
const REST_MILLISECONDS = 60_000
// An anchor that is new, or was away for long, is given the newest ones: each vouches for all before it.
const MOST = 256

export interface Lag {
  readonly anchor: string
  readonly checkpoints: number
  readonly fault: string | undefined
}

/** Takes checkpoints to the anchors of the settings while a command works, so that none of them can hold it up. */
export function openCheckpointForwarder(
  app: Pick<RecordApp, 'audit' | 'clock' | 'project'> & Host,
  caller: Console,
): CheckpointForwarder {
  const { audit, clock, seams = noSeams } = app
  const { anchors } = app.project.settings.audit
  if (audit === undefined) return { close: async () => undefined }
  const carrier = carrierOf(audit, anchors, receiversOf(app, caller), () => clock.now())
  const timer = anchors.length === 0 || seams !== noSeams ? undefined : carrier.every(LOOK_MILLISECONDS)
  return {
    close: async () => {
      clearInterval(timer)
      try {
        await audit.checkpoint()
        await carrier.carry()
        for (const lag of await lagsOf(audit, anchors)) caller.tell(`! ${lagWords(lag)}\n`)
      } catch {
        // What is wrong with the store is what the command itself has failed with, or the next one will.
      }
    },
  }
}

/** The anchors that lag behind the store. */
export async function lagsOf(audit: AuditTrail, anchors: readonly AnchorSettings[]): Promise<readonly Lag[]> {
  const lags: Lag[] = []
  for (const { name } of anchors) {
    const delivery = await audit.delivery(anchorName(name))
    const checkpoints = (await audit.checkpoints(delivery?.position ?? 0)).length
    if (checkpoints > 0) lags.push({ anchor: name, checkpoints, fault: delivery?.fault })
  }
  return lags
}

export function lagWords({ anchor, checkpoints, fault }: Lag): string {
  const many = count(checkpoints, 'checkpoint')
  const why = fault === undefined ? '' : `: ${fault}`
  return `the anchor ${anchor} has not taken ${many} yet${why}; the next command tries again`
}

const anchorName = (name: string) => `anchor ${name}`

function carrierOf(audit: AuditTrail, anchors: readonly AnchorSettings[], receivers: Receivers, now: () => number) {
  let under: Promise<void> | undefined

  // Looks for new checkpoints from time to time, and signs one when ten minutes have gone by.
  function every(milliseconds: number) {
    return setInterval(() => void look(), milliseconds).unref()
  }

  async function look() {
    try {
      await audit.checkpointInTime()
      await carry()
    } catch {
      // The store says so itself, to whoever writes to it next.
    }
  }

  async function carry() {
    await under
    under = Promise.all(anchors.map((anchor) => carryTo(anchor))).then(() => undefined)
    await under
  }

  async function carryTo(anchor: AnchorSettings) {
    const receiver = anchorName(anchor.name)
    const delivery = await audit.delivery(receiver)
    const behind = await audit.checkpoints(delivery?.position ?? 0)
    const newest = behind.at(-1)
    if (newest === undefined) return
    const isResting = delivery?.fault !== undefined && now() - Date.parse(delivery.at) < REST_MILLISECONDS
    if (isResting) return
    try {
      await send(anchor, behind.slice(-MOST))
      await audit.delivered(receiver, newest.id)
    } catch (error) {
      await audit.delivered(receiver, delivery?.position ?? 0, messageOf(error))
    }
  }

  async function send(anchor: AnchorSettings, checkpoints: readonly StoredCheckpoint[]) {
    if ('file' in anchor) receivers.append(anchor.file, checkpoints.map(({ note }) => `${note}\n`).join(''))
    else if ('syslog' in anchor) await receivers.syslog(anchor, await checkpointMessages(checkpoints), TRY_MILLISECONDS)
    else await post(anchor, checkpoints)
  }

  async function post(
    { name, webhook }: { readonly name: string; readonly webhook: string },
    checkpoints: readonly StoredCheckpoint[],
  ) {
    const until = now() + TRY_MILLISECONDS
    for (const { id, note } of checkpoints) {
      const left = until - now()
      if (left <= 0) throw new EosflowError('unreachable', `${name}: it is slow, and has taken some of them`)
      await receivers.post(name, webhook, checkpointLine(note), left)
      await audit.delivered(anchorName(name), id)
    }
  }

  return { every, carry }
}

async function checkpointMessages(checkpoints: readonly StoredCheckpoint[]) {
  const { structuredData, syslogMessage } = await import('../../../report/audit-syslog.ts')
  return checkpoints.map(({ at, note, seq }) => {
    const data = structuredData(32473, { seq: String(seq) })
    return syslogMessage({ at, host: hostname(), code: 'CHECKPOINT', data, message: wrappedNote(note) })
  })
}
