import { failureLine, unreadJson } from '../sessions/formats.ts'
import { counted, csvText, duration, present, type Style, switches, tableLines, visibleLine } from '../text/text.ts'
import type { FactsDocument } from './result-schema.ts'

export type SwitchFacts = Extract<FactsDocument['switches'][number], { facts: unknown }>['facts']

export type ReadFacts =
  | { readonly name: string; readonly facts: SwitchFacts }
  | { readonly name: string; readonly failure: unknown }

const HEADER = [
  ...['Switch', 'Hostname', 'Model', 'Serial', 'MAC', 'EOS', 'Uptime seconds', 'Image', 'MLAG', 'MLAG domain'],
  ...['Power supplies ok', 'Power supplies', 'Transceivers'],
]

// The facts of the switches that answered, for spreadsheets: RFC 4180.
function factsCsv(read: readonly ReadFacts[]) {
  const rows = read.flatMap((one) => {
    if (!('facts' in one)) return []
    const { hostname, model, serial, mac, eos, uptime, image, mlag, mlagDomain, powerSupplies, transceivers } =
      one.facts
    const values = [
      hostname,
      model,
      serial,
      mac,
      eos,
      uptime,
      image,
      mlag,
      mlagDomain,
      powerSupplies?.ok,
      powerSupplies?.of,
    ]
    return [[one.name, ...[...values, transceivers].map((value) => value?.toString() ?? '')]]
  })
  return csvText([HEADER, ...rows])
}

const HEAD = ['switch', 'model', 'serial', 'EOS', 'up', 'image', 'MLAG', 'power', 'optics']

function factsText(read: readonly ReadFacts[], style: Style) {
  const rows = [HEAD, ...read.flatMap((one) => ('facts' in one ? [row(one.name, one.facts)] : []))]
  const lines = tableLines(rows, style)
  const failed = read.flatMap((one) => ('failure' in one ? [style.bad(failureLine(one.name, one.failure))] : []))
  const silent = failed.length === 0 ? '' : `, ${failed.length} did not answer`
  return [...lines, '', ...failed, `Facts: ${switches(read.length - failed.length)}${silent}`].join('\n')
}

function row(
  name: string,
  { model, serial, eos, uptime, image = '-', mlag = '-', mlagDomain, powerSupplies, transceivers }: SwitchFacts,
) {
  const power = powerSupplies === undefined ? '-' : `${powerSupplies.ok} of ${powerSupplies.of}`
  const pair = mlagDomain === undefined || mlagDomain === '' ? mlag : `${mlag} (${mlagDomain})`
  return [name, model, serial, eos, upText(uptime), image, pair, power, transceivers?.toString() ?? '-'].map(
    visibleLine,
  )
}

// Days, or less than one in hours and minutes.
function upText(seconds: number) {
  return seconds >= 86_400 ? `${Math.floor(seconds / 86_400)}d` : duration(Math.floor(seconds / 60) * 60)
}

export const factsAs = { text: factsText, csv: factsCsv, json: factsJson } as const

function factsJson(read: readonly ReadFacts[]) {
  const devices = read.map((one) => ('facts' in one ? one : unreadJson(one)))
  const document: FactsDocument = { version: 1, kind: 'facts', switches: devices }
  return JSON.stringify(document)
}

export type InventoryFinding =
  | {
      readonly name: string
      readonly state: 'same' | 'differs'
      readonly differences: readonly { readonly what: 'serial' | 'model'; readonly says: string; readonly is: string }[]
    }
  /** The inventory says neither serial number nor model. */
  | { readonly name: string; readonly state: 'unsaid' }
  | { readonly name: string; readonly state: 'unread'; readonly failure: unknown }

export function inventoryCheckText(found: readonly InventoryFinding[], style: Style): string {
  const lines = found.flatMap((one) => {
    if (one.state === 'unread') return [style.bad(failureLine(one.name, one.failure))]
    if (one.state === 'unsaid')
      return [style.warning(visibleLine(`? ${one.name}: the inventory says neither serial nor model`))]
    return one.differences.map(({ what, says, is }) =>
      style.bad(visibleLine(`✗ ${one.name}: ${what}: the inventory says ${says}, the switch ${is}`)),
    )
  })
  const of = counted(found)
  const parts = present(
    `${of('same')} as the inventory says`,
    of('differs') !== 0 && `${of('differs')} not`,
    of('unsaid') !== 0 && `${of('unsaid')} not compared`,
    of('unread') !== 0 && `${of('unread')} not read`,
  )
  return present(lines, lines.length > 0 && '', `Inventory: ${switches(found.length)}: ${parts.join(', ')}`).join('\n')
}

/** The same as one document, version 1. */
export function inventoryCheckJson(found: readonly InventoryFinding[]): string {
  const devices = found.map((one) => ('failure' in one ? unreadJson(one) : one))
  return JSON.stringify({ version: 1, kind: 'inventory-check', switches: devices })
}
