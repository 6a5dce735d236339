import { resolve } from 'node:path'
import { exportRecords, linesIn, type Send, sendTo } from '../../app/audit/export.ts'
import { receiversOf } from '../../app/audit/receivers.ts'
import { sourceOf } from '../../app/audit/source-of.ts'
import { trailOf } from '../../app/audit/trail-of.ts'
import { InputError } from '../../app/input-error.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { requireNotOurs } from '../../app/save-text.ts'
import type { SinkSettings } from '../../inventory/audit-settings.ts'
import type { ExportFormat } from '../../journal/audit/audit-event.ts'
import type { Delivery } from '../../journal/audit/audit-trail.ts'
import { problemOf } from '../../model/problem.ts'
import { count } from '../../report/count.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'

const FORMATS: readonly string[] = ['jsonl', 'rfc5424', 'cef', 'otlp']

/** Where records go: the name that their cursor is kept under, and how they are sent. Without a cursor to the screen. */
interface Destination {
  readonly name: string
  readonly format: ExportFormat
  readonly cursor: string | undefined
  readonly send: Send
}

/** Records leave the store, for the screen, a file or a sink of the settings; what a sink has taken is not sent again. */
export async function run(invocation: Invocation): Promise<number> {
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    await requireAllowed(app, caller, 'audit.export')
    const to = await destinationOf(context)
    const position = (await deliveryTo(context, to))?.position
    const from = (behind(invocation.options.sinceSeq) ?? position ?? 0) + 1
    if ((await app.store.head()).seq < from) return told(context, { name: to.name, sent: 0, from })
    const through = await recorded(context, to, from)
    // A cursor that moved over records that were left out would never send them.
    const leavesOut = position !== undefined && from > position + 1
    const sent = await sentTo(context, leavesOut ? { ...to, cursor: undefined } : to, { from, through })
    return told(context, { name: to.name, sent, from })
  })
}

/** That records leave is on record before they do, and leaves with them; another try at the same ones is no other export. */
async function recorded(context: CommandContext, to: Destination, first: number): Promise<number> {
  const { app, caller } = context
  const { store } = app
  const delivery = await deliveryTo(context, to)
  if (delivery?.fault !== undefined && delivery.position + 1 === first) return (await store.head()).seq
  const event = { type: 'AuditExported', format: to.format, to: to.name, first } as const
  const [record] = await app.journalAs(caller.principal).append(undefined, [event])
  return record?.seq ?? (await store.head()).seq
}

/** The cursor moves behind what was taken, so that a killed process or a sink that is down loses nothing. */
async function sentTo(
  { app }: CommandContext,
  { cursor, send }: Destination,
  range: { readonly from: number; readonly through: number },
): Promise<number> {
  const audit = trailOf(app)
  const moved = async (seq: number, fault?: string): Promise<void> => {
    if (cursor !== undefined) await audit.delivered(cursor, seq, fault)
  }
  try {
    return await exportRecords(audit, range, send, moved)
  } catch (error) {
    await moved(0, error instanceof Error ? error.message : String(error))
    throw error
  }
}

async function deliveryTo({ app }: CommandContext, { cursor }: Destination): Promise<Delivery | undefined> {
  return cursor === undefined ? undefined : trailOf(app).delivery(cursor)
}

/** To the screen records are the result; elsewhere what became of them is. */
function told(
  { invocation: { io, global } }: CommandContext,
  { name, sent, from }: { name: string; sent: number; from: number },
): number {
  const words = sent === 0 ? `${name} has everything` : `${count(sent, 'record')} from ${from} on to ${name}`
  if (name === 'stdout') io.err(`${words}\n`)
  else if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'audit-export', to: name, first: from, sent })}\n`)
  else io.out(`${words}\nNext: eosflow audit verify\n`)
  return 0
}

async function destinationOf(context: CommandContext): Promise<Destination> {
  const { app, caller, invocation } = context
  const { project } = app
  const { options, io } = invocation
  const audit = trailOf(app)
  const source = sourceOf(app)
  const to = typeof options.to === 'string' ? options.to : undefined
  const sink = project.settings.audit.sinks.find(({ name }) => name === to)
  const format = formatOf(options.format, sink)
  if (sink !== undefined) {
    const send = await sendTo(sink, audit, source, receiversOf(app, caller))
    return { name: sink.name, format, cursor: `sink ${sink.name}`, send }
  }
  const lines = await linesIn(format, audit, source)
  if (to === undefined) return { name: 'stdout', format, cursor: undefined, send: async (rows) => io.out(lines(rows)) }
  const path = resolve(io.cwd, to)
  requireNotOurs(path, project.store, to)
  const { append } = receiversOf(app, caller)
  return { name: to, format, cursor: `file ${format} ${path}`, send: async (rows) => append(path, lines(rows)) }
}

function formatOf(given: unknown, sink: SinkSettings | undefined): ExportFormat {
  const format = given ?? sink?.format
  if (typeof format !== 'string' || !FORMATS.includes(format))
    throw refused('--format', `a format is one of ${FORMATS.join(', ')}`)
  if (sink !== undefined && sink.format !== format)
    throw refused('--format', `the settings send ${sink.format} to ${sink.name}, not ${format}`)
  return format as ExportFormat
}

function behind(given: unknown): number | undefined {
  if (given === undefined) return undefined
  if (typeof given === 'string' && /^\d{1,15}$/.test(given)) return Number(given)
  throw refused('--since-seq', 'this is the number of a record')
}

function refused(flag: string, message: string): InputError {
  return new InputError([problemOf(flag, 'bad-option', message, 'eosflow audit export --help')])
}
