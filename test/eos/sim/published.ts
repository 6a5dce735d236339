export function macOf(version: string) {
  const digits = /System MAC address:\s+(\S+)/.exec(version)?.[1]?.replaceAll('.', '')
  return digits?.replaceAll(/(..)(?=.)/g, '$1:')
}

const NEIGHBOR = /^(Et\S+)\s+(\S+)\s+(Ethernet\S+)\s+\d+\s*$/gm

export function heardBy(table: string) {
  return Object.fromEntries(
    [...table.matchAll(NEIGHBOR)].map(([, port = '', systemName, interfaceId]) => [
      port.replace('Et', 'Ethernet'),
      { lldpNeighborInfo: [{ systemName, neighborInterfaceInfo: { interfaceId } }] },
    ]),
  )
}

/** One class of commands: what a switch of a published lab was asked, and the rows of an answer, which are compared as a set. */
export interface LabClass {
  readonly command: string
  /** Every recorded command that this fits is of the class, and is asked as it was recorded. */
  readonly every?: RegExp
  /** Rows of an answer, without what no configuration tells. */
  readonly rows: (answer: unknown) => readonly string[]
}

const RULER = /^[- *]+$/

/** The lines of a text without blanks, rulers and times. */
function lineRows(shape: (line: string) => string | undefined = (line) => line): LabClass['rows'] {
  return (answer) =>
    textOf(answer)
      .split('\n')
      .map((line) => line.replaceAll(/ +/g, ' ').trim())
      .filter((line) => line !== '' && !RULER.test(line))
      .map((line) => line.replaceAll(/(\d+ days?, )?\d+:\d\d:\d\d( ago)?|\d+d\d\dh/g, 'TIME'))
      .flatMap((line) => shape(line) ?? [])
}

const textOf = (answer: unknown) =>
  typeof answer === 'string' ? answer : String((answer as { readonly output?: string } | null)?.output ?? '')

/** One row for each route, its ways in any order. */
function routeRows(answer: unknown) {
  const rows: string[][] = []
  for (const line of lineRows()(answer)) {
    const [, route = line, way] = /^(.*?)((?:via|is directly) .*)?$/.exec(line) ?? []
    if (route === '' && rows.length > 0) rows.at(-1)?.push(way ?? '')
    else rows.push([route, way ?? ''])
  }
  return rows.map(([route = '', ...ways]) => [route, ...ways.sort()].join(' '))
}

const messages = (line: string) => line.replace(/ \d+ \d+ 0 0 TIME /, ' MESSAGES TIME ')

/** The hold time that is left, and the number of a circuit, which nobody knows. */
const OF_THE_MOMENT = (line: string) => line.replace(/ UP \d+ [\dA-F]+$/, ' UP')

/** The other virtual machines on the management network, and servers that say nothing. */
const ASIDE = /^Ma1 |^Last table|^Number of table| server Ethernet\d+ /

/** What was recorded of the three labs of vEOS 4.24.0F, as text. */
export const SHOW_LAB_CLASSES: readonly LabClass[] = [
  { command: 'show ip route', every: /^show ip route/, rows: routeRows },
  { command: 'show ip bgp summary', rows: lineRows(messages) },
  { command: 'show ip bgp', rows: lineRows() },
  { command: 'show bgp evpn summary', rows: lineRows(messages) },
  { command: 'show ip interface brief', rows: lineRows() },
  { command: 'show lldp neighbors', rows: lineRows((line) => (ASIDE.test(line) ? undefined : line)) },
  { command: 'show vrf', rows: lineRows() },
  { command: 'show ip ospf neighbor', rows: lineRows() },
  { command: 'show ip ospf interface', rows: lineRows() },
  { command: 'show isis neighbors', rows: lineRows(OF_THE_MOMENT) },
  { command: 'show isis hostname', rows: lineRows() },
  { command: 'show isis interface', every: /^show isis interface/, rows: lineRows() },
]
