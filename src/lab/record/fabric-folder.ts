import { stateAreas } from '../../eos/check/area/index.ts'
import { INTERFACES_STATUS, interfacesArea } from '../../eos/check/area/interfaces.ts'
import { lldpArea } from '../../eos/check/area/lldp.ts'
import { builtinChecks } from '../../eos/check/builtin/index.ts'
import type { Device, DeviceIdentity, Reply } from '../../eos/device/device.ts'
import { recordedPath } from '../../eos/sim/platform/facts.ts'
import type { Command } from '../../model/command.ts'
import { hmac } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'
import { givenJson, isJsonObject, type Json } from '../../model/json.ts'
import { natural } from '../../model/natural-order.ts'
import { anyOf, InventedSecrets, withoutValues, wordsLeft } from './invented-secrets.ts'

const IPV4 = /(?<![\w.])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(\/\d{1,2})?(?![\w.]*\w)/g
const IPV6 =
  /(?<![\w:.])(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}|(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?)(?![\w:])/gi
const MAC = /(?<![\w:.])(?:(?:[0-9a-f]{2}:){5}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4})(?![\w:.])/gi

/** Two addresses share as long a prefix as before, so that subnets, neighbours and routes still fit; the first and the last octet stay, and so do masks, loopback, link-local and multicast addresses. */
export class InventedAddresses {
  readonly #key: string

  constructor(key: string) {
    this.#key = key
  }

  in(text: string): string {
    return text
      .replace(MAC, (mac) => this.#mac(mac))
      .replace(IPV6, (address) => this.#ipv6(address))
      .replace(IPV4, (whole, a: string, b: string, c: string, d: string, length: string | undefined) => {
        const octets = [a, b, c, d].map(Number)
        if (octets.some((octet) => octet > 255)) return whole
        return `${this.#ipv4(octets, length === undefined ? 32 : Number(length.slice(1))).join('.')}${length ?? ''}`
      })
  }

  #ipv4(octets: readonly number[], length: number) {
    const [first = 0, second = 0] = octets
    if (first === 0 || first === 127 || first >= 224 || (first === 169 && second === 254)) return octets
    const bits = octets.map((octet) => octet.toString(2).padStart(8, '0')).join('')
    const isNetwork = !bits.slice(length).includes('1')
    const mapped = [...bits].map((bit, at) => {
      if (at < 8 || at >= 24 || leadsToReserved(bits.slice(0, at))) return bit
      if (isNetwork && at >= length) return '0'
      return this.#flips(bits.slice(0, at)) ? (bit === '0' ? '1' : '0') : bit
    })
    return [0, 8, 16, 24].map((from) => Number.parseInt(mapped.slice(from, from + 8).join(''), 2))
  }

  #ipv6(address: string) {
    const [head = '', tail] = address.split('::')
    const groups = head === '' ? [] : head.split(':')
    if (groups.length < 2 || /^(?:fe[89ab]|ff)/i.test(address)) return address
    const mapped = groups.map((group, at) => {
      if (at !== 2 && at !== 3) return group
      const mask = Number.parseInt(this.#digest(`6 ${groups.slice(0, at).join(':').toLowerCase()}`).slice(0, 4), 16)
      return (Number.parseInt(group, 16) ^ mask).toString(16)
    })
    return tail === undefined ? mapped.join(':') : `${mapped.join(':')}::${tail}`
  }

  #mac(mac: string) {
    const digits = mac.toLowerCase().replace(/[^0-9a-f]/g, '')
    if (/^(?:0+|f+|01005e.*|3333.*)$/.test(digits)) return mac
    const other = [...(digits.slice(0, 6) + this.#digest(`mac ${digits}`).slice(0, 6))]
    return mac.replace(/[0-9a-f]/gi, () => other.shift() ?? '0')
  }

  #flips(prefix: string) {
    return Number.parseInt(this.#digest(`4 ${prefix}`).slice(0, 2), 16) % 2 === 1
  }

  #digest(text: string) {
    return hmac(this.#key, text).slice('hmac:'.length)
  }
}

// Private (172.16/12, 192.168/16), shared (100.64/10), link-local (169.254/16) and benchmark (198.18/15) blocks, as bits.
const RESERVED = ['101011000001', '1100000010101000', '0110010001', '1010100111111110', '110001100001001']

function leadsToReserved(prefix: string) {
  return RESERVED.some((block) => block.length > prefix.length && block.startsWith(prefix))
}

const FREE_TEXT =
  /^(\s*(?:(?:neighbor \S+ )?description|remark|domain-id|snmp-server (?:location|contact|chassis-id)) )(\S.*)$/gm
const BANNER = /^(banner (?:login|motd)\n)([\s\S]*?)(?=\nEOF$)/gm
const USER = /^username (\S+) /gm
const DOMAIN = /^(?:dns domain(?: vrf \S+)?|ip domain-name(?: vrf \S+)?) (\S+)$/gm
const KEPT_USERS: ReadonlySet<string> = new Set(['admin', 'root'])

export class Anonymizer {
  readonly #key: string
  readonly #addresses: InventedAddresses
  readonly #hosts = new Map<string, string>()
  readonly #users = new Map<string, string>()
  readonly #values = new Map<string, string>()
  readonly #hostPattern: RegExp

  constructor(key: string, switches: readonly RecordedSwitch[], neighbors: readonly string[]) {
    this.#key = key
    this.#addresses = new InventedAddresses(key)
    for (const [index, one] of switches.entries()) this.#learnSwitch(one, `sw${index + 1}`)
    for (const heard of neighbors) this.#learnHost(heard, `heard${this.#hosts.size + 1}`)
    for (const words of this.#values.keys()) if (this.#hosts.has(words.toLowerCase())) this.#values.delete(words)
    this.#hostPattern = wordsPattern([...this.#hosts.keys()])
  }

  text(text: string): string {
    const said = text
      .replace(BANNER, (_, head: string, words: string) => head + this.#words(words))
      .replace(FREE_TEXT, (_, head: string, words: string) => head + this.#words(words))
    const valued = withoutValues(said, this.#values)
    const hosts = valued.replace(this.#hostPattern, (name) => this.#hosts.get(name.toLowerCase()) ?? name)
    return this.#addresses.in(hosts.replace(/(?<![\w.-])[\w.-]+/g, (word) => this.#users.get(word) ?? word))
  }

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

  #learnSwitch({ name, identity: { serial }, running }: RecordedSwitch, other: string) {
    this.#learnHost(name, other)
    this.#learnHost(/^hostname (\S+)/m.exec(running)?.[1] ?? name, other)
    if (serial !== '') this.#values.set(serial, `ANON${this.#digest(serial).slice(0, 7).toUpperCase()}`)
    for (const [, , words = ''] of running.matchAll(FREE_TEXT)) this.#values.set(words, this.#words(words))
    for (const [, domain = ''] of running.matchAll(DOMAIN)) this.#values.set(domain, 'example.com')
    for (const [, user = ''] of running.matchAll(USER)) {
      if (!KEPT_USERS.has(user) && !this.#users.has(user)) this.#users.set(user, `user${this.#users.size + 1}`)
    }
  }

  #learnHost(told: string, other: string) {
    const host = hostPart(told)
    const domain = told.slice(host.length + 1)
    if (host.length > 1 && !this.#hosts.has(host)) this.#hosts.set(host, other)
    if (domain !== '') this.#values.set(domain, 'example.com')
  }

  #words(words: string) {
    return `text-${this.#digest(words).slice(0, 8)}`
  }

  #digest(text: string) {
    return hmac(this.#key, `anonymize ${text}`).slice('hmac:'.length)
  }
}

function hostPart(told: string) {
  return (/^[\d.]+$/.test(told) ? told : (told.split('.', 1)[0] ?? told)).toLowerCase()
}

function wordsPattern(names: readonly string[]) {
  const found = anyOf(names)
  return found === undefined ? /(?!)/g : new RegExp(`(?<![A-Za-z0-9])(?:${found})(?![A-Za-z0-9])`, 'gi')
}

export interface RecordingOptions {
  readonly name: string
  readonly key: string
  readonly anonymize: boolean
}

export interface FabricFolder {
  readonly files: Readonly<Record<string, string>>
  readonly devices: readonly string[]
  readonly secrets: number
  readonly cables: number
  readonly warnings: readonly string[]
}

const CREDENTIALS = '{ username: admin, password: admin }'

export function fabricFolder(recorded: readonly RecordedSwitch[], options: RecordingOptions): FabricFolder {
  const switches = options.anonymize ? recorded.map(withoutTables) : recorded
  const secrets = new InventedSecrets(options.key)
  const hostnames = switches.flatMap((one) => [hostnameOf(one), one.name].map((name) => [name, one.name] as const))
  const cables = cablesOf(switches, new Map(hostnames))
  const files = [
    ['fabric.yaml', fabricYaml(options.name, switches, cables)] as const,
    ...switches.flatMap((one) => switchFiles(one, secrets)),
  ]
  const values = new Map([...secrets.all].filter(([secret, invented]) => secret !== invented))
  const clean = files.map(([path, text]) => [path, withoutValues(text, escapedIn(path, values))] as const)
  const shown = shownAs(switches, options)
  return {
    files: Object.fromEntries(clean.map(([path, text]) => [shown.text(path), shown.content(path, text)])),
    devices: switches.map(({ name }) => shown.text(name)),
    secrets: values.size,
    cables: cables.length,
    warnings: warningsIn(clean, values),
  }
}

// A printed table cuts names and descriptions short, so that nobody finds them in it again: only the models stay.
function withoutTables(one: RecordedSwitch): RecordedSwitch {
  const models = one.outputs.flatMap(({ command, json }) => (json === undefined ? [] : [{ command, json }]))
  return { ...one, outputs: models }
}

function shownAs(
  switches: readonly RecordedSwitch[],
  { key, anonymize }: RecordingOptions,
): { text(text: string): string; content(path: string, text: string): string } {
  if (!anonymize) return { text: (text) => text, content: (_, text) => text }
  const anonymizer = new Anonymizer(key, switches, neighborNames(switches))
  return {
    text: (text) => anonymizer.text(text),
    content: (path, text) =>
      path.endsWith('.json') ? jsonText(anonymizer.model(givenJson(text))) : anonymizer.text(text),
  }
}

function switchFiles(one: RecordedSwitch, secrets: InventedSecrets): readonly (readonly [string, string])[] {
  const { name, running, startup, outputs } = one
  const configs = [
    [`${name}/running-config`, running],
    [`${name}/startup-config`, startup],
  ] as const
  return [
    ...configs.flatMap(([path, text]) => (text === undefined ? [] : [[path, secrets.config(text)] as const])),
    ...outputs.flatMap(({ command, json, text }) => {
      const path = recordedPath(name, command)
      return [
        ...(json === undefined ? [] : [[`${path}.json`, jsonText(secrets.model(json))] as const]),
        ...(text === undefined ? [] : [[`${path}.txt`, secrets.config(text)] as const]),
      ]
    }),
  ]
}

function jsonText(json: Json) {
  return `${JSON.stringify(json, null, 2)}\n`
}

function escapedIn(path: string, values: ReadonlyMap<string, string>) {
  if (!path.endsWith('.json')) return values
  const escaped = (text: string) => JSON.stringify(text).slice(1, -1)
  return new Map([...values].map(([secret, invented]) => [escaped(secret), escaped(invented)]))
}

function warningsIn(files: readonly (readonly [string, string])[], values: ReadonlyMap<string, string>) {
  return files.flatMap(([path, text]) =>
    wordsLeft(text, values.keys()).map(
      (word) =>
        `${path}: a secret of ${word.length} characters is an ordinary word, and that word is there: look whether it is the secret`,
    ),
  )
}

function fabricYaml(name: string, switches: readonly RecordedSwitch[], cables: readonly string[]) {
  return [
    '# Recorded by `eosflow record`. The secrets in these files are invented; hosts without a name are made up.',
    '# What is listed under `recorded` is answered as it was; take a command off the list and it is computed.',
    'version: 1',
    `name: ${JSON.stringify(name)}`,
    `credentials: ${CREDENTIALS}`,
    'devices:',
    ...switches.flatMap(deviceYaml),
    cables.length === 0 ? 'cabling: []' : 'cabling:',
    ...cables.map((cable) => `  - ${JSON.stringify(cable)}`),
    '',
  ].join('\n')
}

function deviceYaml({ name, identity, startup, outputs }: RecordedSwitch) {
  const { eos, model, serial, systemMac } = identity
  const facts: Readonly<Record<string, string | undefined>> = {
    eos: versionOf(name, eos),
    model: model === '' ? undefined : model,
    serial,
    mac: macOf(systemMac),
    startup: startup === undefined ? undefined : `${name}/startup-config`,
  }
  return [
    `  ${JSON.stringify(name)}:`,
    ...Object.entries(facts).flatMap(([key, value]) =>
      value === undefined ? [] : [`    ${key}: ${JSON.stringify(value)}`],
    ),
    ...(outputs.length === 0 ? [] : ['    recorded:']),
    ...outputs.map(({ command }) => `      - ${JSON.stringify(command)}`),
  ]
}

function versionOf(device: string, eos: string) {
  const release = /^4\.\d+(?:\.\d+)*[A-Z]*/.exec(eos)?.[0]
  if (release !== undefined) return release
  throw new EosflowError('protocol', `${device} says that it runs EOS ${eos}, which cannot be simulated`, { device })
}

function macOf(mac: string) {
  const digits = mac.toLowerCase().replace(/[^0-9a-f]/g, '')
  return digits.length === 12 ? (digits.match(/../g) ?? []).join(':') : undefined
}

function hostnameOf({ name, running }: RecordedSwitch) {
  return /^hostname (\S+)/m.exec(running)?.[1] ?? name
}

export function sharedFiles(commands: readonly string[]): readonly (readonly [string, string])[] {
  const seen = new Map<string, string>()
  return commands.flatMap((command) => {
    const path = recordedPath('', command)
    const other = seen.get(path)
    seen.set(path, command)
    return other === undefined || other === command ? [] : [[other, command] as const]
  })
}

/** The name of a fabric by that of its folder: letters, digits, `_`, `.` and `-`, at most 64. */
export function fabricName(folder: string): string {
  return folder.replace(/^[^A-Za-z0-9]+|[^\w.-]/g, '').slice(0, 64) || 'recorded'
}

interface End {
  readonly device: string
  readonly port: string
}

/** The cables between switches and to what they hear, as `fabric.yaml` writes them. LLDP tells them (`show lldp neighbors`); a port that is connected and hears nobody has a cable to a host that is made up, so that its link is up. */
export function cablesOf(
  switches: readonly RecordedSwitch[],
  hostnames: ReadonlyMap<string, string>,
): readonly string[] {
  const taken = new Set<string>()
  const cables: string[] = []
  const lay = (a: End, b: End) => {
    const ends = [a, b].map(({ device, port }) => `${device}:${port}`)
    if (ends.some((end) => taken.has(end))) return
    for (const end of ends) taken.add(end)
    cables.push(ends.join(' - '))
  }
  for (const one of switches) {
    for (const [port, [heard]] of Object.entries(neighborsOf(one))) {
      if (heard === undefined) continue
      const device = inventoryName(heard.device, hostnames) ?? oneWord(heard.device)
      lay({ device: one.name, port }, { device, port: oneWord(heard.port) })
    }
  }
  for (const one of switches) {
    for (const port of connectedPorts(one)) {
      lay({ device: one.name, port }, { device: `unheard-${cables.length + 1}`, port: 'eth0' })
    }
  }
  return cables
}

function neighborNames(switches: readonly RecordedSwitch[]) {
  const heard = switches.flatMap((one) => Object.values(neighborsOf(one)).flat())
  return [...new Set(heard.map(({ device }) => device))]
}

function inventoryName(heard: string, hostnames: ReadonlyMap<string, string>) {
  return hostnames.get(heard) ?? hostnames.get(heard.split('.', 1)[0] ?? '')
}

function neighborsOf(one: RecordedSwitch) {
  const read = lldpArea.now(repliesOf(one, lldpArea.commands))
  return read.ok ? read.state : {}
}

function connectedPorts(one: RecordedSwitch) {
  const read = interfacesArea.now(repliesOf(one, [INTERFACES_STATUS.command]))
  const ports = read.ok ? Object.entries(read.state) : []
  return ports
    .filter(([name, { link }]) => name.startsWith('Ethernet') && !name.includes('.') && link === 'connected')
    .map(([name]) => name)
    .sort(natural)
}

function repliesOf({ outputs }: RecordedSwitch, commands: readonly Command[]): readonly Reply[] {
  const jsonOf = (cmd: string) => outputs.find(({ command }) => command === cmd)?.json
  return commands.map(({ cmd }): Reply => {
    const json = jsonOf(cmd)
    return json === undefined ? { ok: false, error: 'it was not recorded' } : { ok: true, json }
  })
}

function oneWord(text: string) {
  const digits = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text) ? text.replaceAll(':', '') : ''
  if (digits !== '') return (digits.match(/.{4}/g) ?? []).join('.')
  return text.replace(/[\s:]+/g, '-') || 'unnamed'
}

export interface RecordedSwitch {
  readonly name: string
  readonly identity: DeviceIdentity
  readonly running: string
  readonly startup?: string
  readonly outputs: readonly Output[]
}

export interface Output {
  readonly command: string
  readonly json?: Json
  readonly text?: string
}

/** Each once, with its revision. */
export function recordedCommands(): readonly Command[] {
  const ofChecks = builtinChecks.flatMap((check) => {
    const input = check.input.safeParse({})
    return input.success ? check.commands(input.data) : []
  })
  const all = [...stateAreas.flatMap(({ commands }) => commands), ...ofChecks].filter(({ cmd }) =>
    cmd.startsWith('show '),
  )
  return [...new Map(all.map((command) => [command.cmd, command])).values()]
}

export async function recordSwitch(device: Device, commands: readonly Command[]): Promise<RecordedSwitch> {
  const { identity, replies } = await device.look(commands.map(({ format: _, ...command }) => command))
  const printed = await device.print(commands.map(({ cmd }) => cmd))
  const { running, startupDiff } = await device.readConfig()
  const [startup] = startupDiff?.trim() === '' ? [] : await device.print(['show startup-config'])
  const outputs = commands.map(({ cmd }, index): Output => {
    const [reply, text] = [replies[index], printed[index]]
    return {
      command: cmd,
      ...(reply?.ok === true ? { json: reply.json } : {}),
      ...(text?.ok === true ? { text: text.text } : {}),
    }
  })
  return {
    name: device.name,
    identity,
    running,
    ...(startup?.ok === true ? { startup: startup.text } : {}),
    outputs: outputs.filter(({ json, text }) => json !== undefined || text !== undefined),
  }
}
