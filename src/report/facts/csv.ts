import { csvText } from '../text/csv.ts'
import type { ReadFacts } from './facts.ts'

const HEADER = [
  ...['Switch', 'Hostname', 'Model', 'Serial', 'MAC', 'EOS', 'Uptime seconds', 'Image', 'MLAG', 'MLAG domain'],
  ...['Power supplies ok', 'Power supplies', 'Transceivers'],
]

/** The facts of the switches that answered, for spreadsheets: RFC 4180. */
export function factsCsv(read: readonly ReadFacts[]): string {
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
