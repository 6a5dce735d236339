import { resolve } from 'node:path'
import type { ExportFormat } from '../../../change/record/event/audit-event.ts'
import { messageOf } from '../../../model/error.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import type { RecordApp } from '../../app/app.ts'
import type { SinkSettings } from '../../files/settings/audit-settings.ts'
import { trailOf } from '../../history/trail-of.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { requireNotOurs } from '../../system/process/save-text.ts'
import { exportRecords, linesIn, type Send, sendTo } from './export.ts'
import { receiversOf } from './receivers.ts'
import { recordedTraces } from './recorded-traces.ts'
import { sourceOf } from './records.ts'

// Whoever reads what is printed may be slower than the store: so many batches are held for them at most.
const HELD = 20

export interface ExportRequest {
  readonly format: ExportFormat
  /** A sink of the settings, or the name of a file, as it was typed; without it `print` takes the records. */
  readonly to: SinkSettings | string | undefined
  /** Where those go that `print` takes, as it goes on record; absent: `stdout`. */
  readonly as?: string
  readonly since: number | undefined
  print(text: string): void
  left(): Promise<boolean>
}

interface ExportResult {
  readonly name: string
  readonly sent: number
  readonly from: number
}

interface Destination {
  readonly name: string
  readonly format: ExportFormat
  readonly cursor: string | undefined
  readonly send: Send
}

/** Throws what the receiver throws; the rest waits. */
export async function exportTo(app: RecordApp, caller: Caller, request: ExportRequest): Promise<ExportResult> {
  await requireAllowed(app, caller, 'audit.export')
  const to = await destinationOf(app, caller, request)
  const position = (await deliveryTo(app, to))?.position
  const from = (request.since ?? position ?? 0) + 1
  if ((await app.store.head()).seq < from) return { name: to.name, sent: 0, from }
  if (request.to === undefined) return printed(app, caller, request, { to, from })
  const through = await recorded(app, caller, to, from)
  // A cursor that moved over records that were left out would never send them.
  const leavesOut = position !== undefined && from > position + 1
  const sent = await sentTo(app, leavesOut ? { ...to, cursor: undefined } : to, { from, through })
  return { name: to.name, sent, from }
}

async function printed(
  app: RecordApp,
  caller: Caller,
  { left }: ExportRequest,
  { to, from }: { readonly to: Destination; readonly from: number },
): Promise<ExportResult> {
  const { seq } = await app.store.head()
  const sent = await sentTo(app, to, { from, through: seq })
  if (!(await left())) return { name: to.name, sent, from }
  // It is printed, too: a checkpoint that is signed over it is one of what was printed.
  const through = await recorded(app, caller, to, from)
  return { name: to.name, sent: sent + (await sentTo(app, to, { from: seq + 1, through })), from }
}

async function recorded(app: RecordApp, caller: Caller, to: Destination, first: number) {
  const { store } = app
  const delivery = await deliveryTo(app, to)
  if (delivery?.fault !== undefined && delivery.position + 1 === first) return (await store.head()).seq
  const event = { type: 'AuditExported', format: to.format, to: to.name, first } as const
  const [record] = await app.journalAs(caller.principal).append(undefined, [event])
  // The checkpoint over it is one of what leaves, with the heads that the same one outside is over.
  await trailOf(app).checkpoint()
  return record?.seq ?? (await store.head()).seq
}

// The cursor moves behind what was taken, so that a killed process or a sink that is down loses nothing.
async function sentTo(
  app: RecordApp,
  { cursor, send }: Destination,
  range: { readonly from: number; readonly through: number },
) {
  const audit = trailOf(app)
  const moved = async (seq: number, fault?: string) => {
    if (cursor !== undefined) await audit.delivered(cursor, seq, fault)
  }
  try {
    return await exportRecords(audit, range, send, moved)
  } catch (error) {
    await moved(0, messageOf(error))
    throw error
  }
}

async function deliveryTo(app: RecordApp, { cursor }: Destination) {
  return cursor === undefined ? undefined : trailOf(app).delivery(cursor)
}

async function destinationOf(
  app: RecordApp,
  caller: Caller,
  { format, to, as = 'stdout', print, left }: ExportRequest,
): Promise<Destination> {
  const { project } = app
  const audit = trailOf(app)
  const source = sourceOf(app)
  const traces = recordedTraces(app.store)
  if (typeof to === 'object') {
    const send = await sendTo(to, audit, source, receiversOf(app, caller), traces)
    return { name: to.name, format, cursor: `sink ${to.name}`, send }
  }
  const lines = await linesIn(format, audit, source, traces)
  let printed = 0
  const toScreen: Send = async (rows) => {
    print(await lines(rows))
    printed += 1
    if (printed % HELD === 0) await left()
  }
  if (to === undefined) return { name: as, format, cursor: undefined, send: toScreen }
  const path = resolve(app.cwd, to)
  requireNotOurs(path, project.store, to)
  const { append } = receiversOf(app, caller)
  return { name: to, format, cursor: `file ${format} ${path}`, send: async (rows) => append(path, await lines(rows)) }
}
