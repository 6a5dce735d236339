import { errorRecord } from '../../model/error.ts'
import { failureLine } from '../sessions/text.ts'
import { duration, switches } from '../text/count.ts'
import { csvText } from '../text/csv.ts'
import type { Style } from '../text/style.ts'
import { tableLines } from '../text/table-lines.ts'
import { visibleLine } from '../text/visible.ts'
import type { ReadFacts, SwitchFacts } from './facts.ts'
import type { FactsDocument } from './result-schema.ts'

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
  const failed = read.flatMap((one) =>
    'failure' in one ? [style.bad(failureLine({ device: one.name, failure: one.failure }))] : [],
  )
  const silent = failed.length === 0 ? '' : `, ${failed.length} did not answer`
  return [...lines, '', ...failed, `Facts: ${switches(read.length - failed.length)}${silent}`].join('\n')
}

function row(name: string, facts: SwitchFacts) {
  const { model, serial, eos, uptime, image = '-', mlag = '-', mlagDomain, powerSupplies, transceivers } = facts
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
  const devices = read.map((one) => ('facts' in one ? one : { name: one.name, error: errorRecord(one.failure) }))
  const document: FactsDocument = { version: 1, kind: 'facts', switches: devices }
  return JSON.stringify(document)
}
