import type { SwitchFacts } from '../platform/facts.ts'

/** What a fixed switch is called: the ports that it has of one kind and, behind the letters of that, of another: `DCS-7050SX3-48YC8`. */
const FIXED = /^[DC]CS-\d+\w*-(\d+)[A-Z]*(\d*)/
/** Some models have a few ports more than their name says. */
const UNNAMED = 4

const PORT = /^interface e[a-z]*\s?(\d+)((?:\/\d+)*)/i

/** Whether a line opens an Ethernet port that a fixed switch of its model cannot have. A chassis, and a switch in a container, have any. */
export function lacksPort({ model, interfaces }: SwitchFacts, line: string): boolean {
  const [, number = '', lanes = ''] = PORT.exec(line) ?? []
  const [, ports, others = ''] = FIXED.exec(model) ?? []
  if (number === '' || ports === undefined || interfaces.includes(`Ethernet${number}${lanes}`)) return false
  return Number(number) > Number(ports) + Number(others) + UNNAMED
}
