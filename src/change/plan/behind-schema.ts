import { z } from 'zod'
import type { BehindSwitch } from '../task/act/behind.ts'
import type { PlanRedactor } from './redaction.ts'

const text = z.string()
const number = z.int().min(0)

const port = z.strictObject({
  name: text,
  description: text.exactOptional(),
  link: text.exactOptional(),
  forSeconds: number.exactOptional(),
  heard: z.array(z.strictObject({ device: text, port: text })).exactOptional(),
  memberOf: text.exactOptional(),
  members: z.array(text).exactOptional(),
  mlag: z.strictObject({ id: text, partner: text.exactOptional(), port: text.exactOptional() }).exactOptional(),
  hosts: number.exactOptional(),
  addresses: z.array(text).exactOptional(),
  traffic: z.strictObject({ in: number, out: number, over: number.exactOptional() }).exactOptional(),
})

const vlan = z.strictObject({
  vlan: number,
  name: text.exactOptional(),
  ports: z.array(text).exactOptional(),
  portCount: number.exactOptional(),
  hosts: number.exactOptional(),
  arp: number.exactOptional(),
})

const vrf = z.strictObject({
  vrf: text,
  interfaces: z.array(text),
  interfaceCount: number,
  arp: number.exactOptional(),
})

const neighbor = z.strictObject({
  neighbor: text,
  vrf: text,
  description: text.exactOptional(),
  state: text.exactOptional(),
  asn: text.exactOptional(),
})

/** What is behind what a change touches on one switch, in the plan file. */
export const behindSwitch = z.strictObject({
  ports: z.array(port).exactOptional(),
  vlans: z.array(vlan).exactOptional(),
  vrfs: z.array(vrf).exactOptional(),
  neighbors: z.array(neighbor).exactOptional(),
  more: number.exactOptional(),
  unread: z.array(z.strictObject({ what: text, because: text })).exactOptional(),
})

// A text of a switch is kept up to so many characters.
const LONGEST = 200

export function cleanBehind(behind: BehindSwitch, clean: PlanRedactor): BehindSwitch {
  return cleaned(behind, clean)
}

function cleaned<T>(value: T, clean: PlanRedactor): T {
  if (typeof value === 'string') return shortened(clean(value)) as T
  if (Array.isArray(value)) return value.map((one: unknown) => cleaned(one, clean)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, cleaned(member as unknown, clean)]),
  ) as T
}

function shortened(value: string): string {
  const characters = [...value]
  return characters.length <= LONGEST ? value : `${characters.slice(0, LONGEST - 1).join('')}…`
}
