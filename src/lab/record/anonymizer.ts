import { hmac } from '../../model/digest.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import { InventedAddresses } from './invented-addresses.ts'
import { withoutValues } from './known-values.ts'
import type { RecordedSwitch } from './recorded-switch.ts'

/** Lines that say in a person's words where a switch is, what it is for, or which pair it belongs to. */
const FREE_TEXT =
  /^(\s*(?:(?:neighbor \S+ )?description|remark|domain-id|snmp-server (?:location|contact|chassis-id)) )(\S.*)$/gm
const BANNER = /^(banner (?:login|motd)\n)([\s\S]*?)(?=\nEOF$)/gm
const USER = /^username (\S+) /gm
const DOMAIN = /^(?:dns domain(?: vrf \S+)?|ip domain-name(?: vrf \S+)?) (\S+)$/gm
/** Users that name nobody. */
const KEPT_USERS: ReadonlySet<string> = new Set(['admin', 'root'])

/**
 * Takes out of a recording what tells whose network it is: the names of switches, neighbours, users and domains, addresses,
 * serial numbers, descriptions, banners. What the network does stays: VLANs, VRFs, AS numbers, policies and their names.
 */
export class Anonymizer {
  readonly #key: string
  readonly #addresses: InventedAddresses
  /** Switches and neighbours, in small letters. */
  readonly #hosts = new Map<string, string>()
  readonly #users = new Map<string, string>()
  readonly #values = new Map<string, string>()
  readonly #hostPattern: RegExp

  /** `neighbors` are the names heard over LLDP; those of recorded switches among them follow the switch. */
  constructor(key: string, switches: readonly RecordedSwitch[], neighbors: readonly string[]) {
    this.#key = key
    this.#addresses = new InventedAddresses(key)
    for (const [index, one] of switches.entries()) this.#learnSwitch(one, `sw${index + 1}`)
    for (const heard of neighbors) this.#learnHost(heard, `heard${this.#hosts.size + 1}`)
    for (const words of this.#values.keys()) if (this.#hosts.has(words.toLowerCase())) this.#values.delete(words)
    this.#hostPattern = wordsPattern([...this.#hosts.keys()])
  }

  /** Lines of configuration, a path, or any other text, without what tells whose it is. */
  text(text: string): string {
    const said = text
      .replace(BANNER, (_, head: string, words: string) => head + this.#words(words))
      .replace(FREE_TEXT, (_, head: string, words: string) => head + this.#words(words))
    const valued = withoutValues(said, this.#values)
    const hosts = valued.replace(this.#hostPattern, (name) => this.#hosts.get(name.toLowerCase()) ?? name)
    return this.#addresses.in(hosts.replace(/(?<![\w.-])[\w.-]+/g, (word) => this.#users.get(word) ?? word))
  }

  /** A model, its descriptions included. */
  model(json: Json): Json {
    if (typeof json === 'string') return this.text(json)
    if (Array.isArray(json)) return json.map((one) => this.model(one))
    if (!isJsonObject(json)) return json
    const members = Object.entries(json).map(([name, value]) => {
      const words = typeof value === 'string' && value !== '' && /description$/i.test(name)
      return [this.text(name), words ? this.#words(value) : this.model(value)] as const
    })
    return Object.fromEntries(members)
  }

  #learnSwitch({ name, identity: { serial }, running }: RecordedSwitch, other: string): void {
    this.#learnHost(name, other)
    this.#learnHost(/^hostname (\S+)/m.exec(running)?.[1] ?? name, other)
    if (serial !== '') this.#values.set(serial, `ANON${this.#digest(serial).slice(0, 7).toUpperCase()}`)
    for (const [, , words = ''] of running.matchAll(FREE_TEXT)) this.#values.set(words, this.#words(words))
    for (const [, domain = ''] of running.matchAll(DOMAIN)) this.#values.set(domain, 'example.com')
    for (const [, user = ''] of running.matchAll(USER)) {
      if (!KEPT_USERS.has(user) && !this.#users.has(user)) this.#users.set(user, `user${this.#users.size + 1}`)
    }
  }

  #learnHost(told: string, other: string): void {
    const host = hostPart(told)
    const domain = told.slice(host.length + 1)
    if (host.length > 1 && !this.#hosts.has(host)) this.#hosts.set(host, other)
    if (domain !== '') this.#values.set(domain, 'example.com')
  }

  #words(words: string): string {
    return `text-${this.#digest(words).slice(0, 8)}`
  }

  #digest(text: string): string {
    return hmac(this.#key, `anonymize ${text}`).slice('hmac:'.length)
  }
}

/** A name without its domain, in small letters. An address has none: its dots are its own. */
function hostPart(told: string): string {
  return (/^[\d.]+$/.test(told) ? told : (told.split('.', 1)[0] ?? told)).toLowerCase()
}

/** Finds names that no letter and no digit touches, the longest first. */
function wordsPattern(names: readonly string[]): RegExp {
  const escaped = names
    .toSorted((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return escaped.length === 0 ? /(?!)/g : new RegExp(`(?<![A-Za-z0-9])(?:${escaped.join('|')})(?![A-Za-z0-9])`, 'gi')
}
