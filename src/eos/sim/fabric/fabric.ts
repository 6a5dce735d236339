import { messageOf, type Problem, problemOf, type ValueOrProblems } from '../../../model/error.ts'
import { definedMembers, type Json } from '../../../model/json.ts'
import { absenceWords, type Files } from '../../../text/source/files.ts'
import {
  acceptUnless,
  GENERATED_LIMIT,
  keyPlaceOf,
  type LocatedValue,
  type Path,
  placeOf,
  readText,
} from '../../../text/source/located.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { parseWith, readYaml } from '../../../text/source/yaml.ts'
import type { KnownForm } from '../../config/guard/guard.ts'
import type { DeviceFault } from '../fault/fault.ts'
import type { LoopbackHost } from '../listener/switch-listener.ts'
import { type Cable, type Demand, type RecordedOutput, recordedPath } from '../platform/facts.ts'
import type { BehaviourSettings } from '../switch/behaviour.ts'
import { readFramed } from '../switch/line-syntax.ts'
import { hostnameOf } from '../switch/running-config.ts'
import { type FabricFile, fabricSchema } from './fabric-schema.ts'
import { madeMac, madeSerial } from './made-identity.ts'

export interface FabricDevice {
  readonly name: string
  /** The EOS version, for example `4.32.2F`. */
  readonly eos: string
  readonly model: string
  readonly serial: string
  readonly mac: string
  readonly config: string
  readonly startup?: string
  readonly privilege?: 1 | 15
  readonly enableSecret?: string
  readonly verbatim?: boolean
  readonly unknownLines?: 'accept' | 'refuse'
  readonly managementOutside?: boolean
  readonly host?: LoopbackHost
  readonly port?: number
  readonly httpsPort?: number
  /** The port of its SSH listener there. */
  readonly sshPort?: number
  /** Its SSH host key, a private key in OpenSSH or PEM form. Default: a new ed25519 key each time it starts. */
  readonly sshHostKey?: string
  readonly recorded?: readonly RecordedOutput[]
  /** What differs from the behaviour of its EOS version. */
  readonly behaviour?: BehaviourSettings
}

export interface Fabric {
  readonly name: string
  readonly credentials: { readonly username: string; readonly password: string }
  readonly devices: readonly FabricDevice[]
  readonly cabling: readonly Cable[]
  readonly demands?: readonly Demand[]
  readonly faults: readonly DeviceFault[]
  readonly clientCa?: string
  /** Forms of lines that every switch takes beside those of the table of the syntax (docs/syntax.md). */
  readonly vouched?: readonly KnownForm[]
}

/** Reads `fabric.yaml` and the configurations it names beside it: the fabric, or everything that is wrong with it. */
export function parseFabric(text: string | Uint8Array, file: string, beside: Files): ValueOrProblems<Fabric> {
  const read = readYaml(text, file)
  if (!read.ok) return read
  const parsed = parseWith(fabricSchema, read.value)
  if (!parsed.ok) return parsed
  const reader = new Reader(parsed.value, read.value, beside)
  const fabric = reader.fabric()
  return acceptUnless(reader.problems, () => fabric)
}

/** One cable as `fabric.yaml` writes it: `leaf1:Ethernet1 - spine1:Ethernet1`; undefined when it is none. */
export function readCable(text: string): Cable | undefined {
  const [a, b, ...rest] = text.split(/\s+-+\s+/).map(readEnd)
  return a === undefined || b === undefined || rest.length > 0 ? undefined : { a, b }
}

function readEnd(text: string): Cable['a'] | undefined {
  const match = /^([^\s:]+):(\S+)$/.exec(text.trim())
  return match === null ? undefined : { device: match[1] ?? '', port: match[2] ?? '' }
}

class Reader {
  readonly problems: Problem[] = []
  readonly #written: FabricFile
  readonly #located: LocatedValue
  readonly #beside: Files

  constructor(written: FabricFile, located: LocatedValue, beside: Files) {
    this.#written = written
    this.#located = located
    this.#beside = beside
  }

  fabric(): Fabric {
    const { name, credentials, clientCa, devices, cabling, demands, faults } = this.#written
    if (Object.keys(devices).length === 0)
      this.#problem('no-devices', 'the fabric has no switch', ['devices'], 'add one under `devices`')
    const read = Object.entries(devices).map(([device, entry]) => this.#device(device, entry))
    const cables = cabling.flatMap((text, index) => this.#cable(text, index) ?? []).map((cable) => this.#sending(cable))
    this.#uncabled(cables)
    this.#usedTwice(cables)
    for (const [index, { from }] of demands.entries()) this.#flowing(from, cables, ['demands', index])
    for (const [index, { device }] of faults.entries()) this.#known(device, ['faults', index, 'device'])
    const flowing = demands.length === 0 ? {} : { demands: demands.map(definedMembers) }
    const authorities = clientCa === undefined ? {} : { clientCa: this.#config(clientCa, ['clientCa']) }
    return { name, credentials, ...authorities, devices: read, cabling: cables, ...flowing, faults }
  }

  #device(name: string, entry: FabricFile['devices'][string]): FabricDevice {
    const { eos, model, verbatim, behaviour } = entry
    const config = this.#config(entry.config ?? `${name}/running-config`, ['devices', name, 'config'])
    const startup = entry.startup === undefined ? undefined : this.#config(entry.startup, ['devices', name, 'startup'])
    return definedMembers({
      name,
      eos,
      model,
      serial: entry.serial ?? madeSerial(name),
      mac: entry.mac ?? madeMac(name),
      config,
      recorded: entry.recorded === undefined ? undefined : this.#recorded(name, entry.recorded),
      startup,
      verbatim,
      behaviour: behaviour === undefined ? undefined : definedMembers(behaviour),
    })
  }

  #recorded(name: string, commands: readonly string[]): readonly RecordedOutput[] {
    return commands.flatMap((command, index) => {
      const path = recordedPath(name, command)
      const at = ['devices', name, 'recorded', index]
      const json = this.#recordedJson(`${path}.json`)
      const text = this.#beside(`${path}.txt`)
      if (json === undefined && text === undefined) {
        const hint = 'record it, or take the command from the list'
        this.#problem('missing-file', `neither \`${path}.json\` nor \`${path}.txt\` is there`, at, hint)
        return []
      }
      const read = text === undefined ? undefined : readText(text, `${path}.txt`, GENERATED_LIMIT)
      if (read?.ok === false) this.problems.push(...read.problems)
      return [{ command, ...definedMembers({ json, text: read?.ok === true ? read.value : undefined }) }]
    })
  }

  #recordedJson(path: string): Json | undefined {
    const content = this.#beside(path)
    if (content === undefined) return undefined
    const read = readText(content, path, GENERATED_LIMIT)
    if (!read.ok) {
      this.problems.push(...read.problems)
      return null
    }
    try {
      return JSON.parse(read.value)
    } catch (error) {
      this.problems.push(problemOf(path, 'invalid-json', messageOf(error), 'record it again'))
      return null
    }
  }

  #config(path: string, at: Path) {
    const content = this.#beside(path)
    if (content === undefined) {
      const hint = 'write it beside fabric.yaml, or correct the path'
      this.#problem('missing-file', `the configuration \`${path}\` ${absenceWords(this.#beside, path)}`, at, hint)
      return ''
    }
    const text = readText(content, path, GENERATED_LIMIT)
    if (text.ok) return text.value
    this.problems.push(...text.problems)
    return ''
  }

  #cable(text: string, index: number) {
    const cable = readCable(text)
    const at = ['cabling', index]
    if (cable === undefined) {
      this.#problem('invalid-cable', `\`${text}\` is no cable`, at, 'write it as `leaf1:Ethernet1 - spine1:Ethernet1`')
      return undefined
    }
    const known = [cable.a, cable.b].some(({ device }) => Object.hasOwn(this.#written.devices, device))
    if (!known) this.#known(cable.a.device, at)
    return cable
  }

  #sending(cable: Cable) {
    const { hosts } = this.#written
    const sends = (hosts[cable.b.device] ?? hosts[cable.a.device])?.map(definedMembers)
    return sends === undefined ? cable : { ...cable, sends }
  }

  #uncabled(cables: readonly Cable[]) {
    const ends = cables.flatMap(({ a, b }) => [a.device, b.device])
    const names = ends.filter((end) => !Object.hasOwn(this.#written.devices, end))
    for (const host of Object.keys(this.#written.hosts)) {
      if (names.includes(host)) continue
      const message = `no cable leads to a host \`${host}\``
      this.#problem('unknown-host', message, ['hosts', host], didYouMean(host, names))
    }
  }

  #flowing(source: string, cables: readonly Cable[], demand: Path) {
    const names = [...Object.keys(this.#written.devices), ...cables.flatMap(({ a, b }) => [a.device, b.device])]
    if (names.includes(source)) return
    const message = `\`${source}\` is no switch and no host at a cable`
    this.#problem('unknown-source', message, demand, didYouMean(source, names))
  }

  #usedTwice(cables: readonly Cable[]) {
    const seen = new Set<string>()
    for (const [index, { a, b }] of cables.entries()) {
      for (const end of [a, b]) {
        const port = `${end.device}:${end.port}`
        if (seen.has(port)) {
          this.#problem(
            'port-used-twice',
            `\`${port}\` has a cable already`,
            ['cabling', index],
            'a port takes one cable: delete one of the two',
          )
        }
        seen.add(port)
      }
    }
  }

  #known(device: string, at: Path) {
    const names = Object.keys(this.#written.devices)
    if (names.includes(device)) return
    this.#problem('unknown-device', `\`${device}\` is no switch of this fabric`, at, didYouMean(device, names))
  }

  #problem(code: string, message: string, path: Path, hint: string) {
    const at = path.at(-1) === 'config' ? keyPlaceOf(this.#located, path) : placeOf(this.#located, path)
    this.problems.push({ code, message, at, hint })
  }
}

export interface OneSwitchOptions {
  /** The EOS version; without it the one the configuration's header names, else 4.32.2F. */
  readonly eos?: string
  readonly name?: string
  readonly username?: string
  readonly password?: string
  readonly privilege?: 1 | 15
  readonly enableSecret?: string
  readonly verbatim?: boolean
  readonly unknownLines?: 'accept' | 'refuse'
  /** Default 127.0.0.1. */
  readonly host?: LoopbackHost
}

const DEFAULT_EOS = '4.32.2F'
const DEVICE_LINE = /^! device: \S+ \((.+), EOS-(\d[^ )]*)/

export function oneSwitchFabric(config: string, options: OneSwitchOptions = {}): Fabric {
  const { frame, tree } = readFramed(config)
  const header = frame.header.map((row) => DEVICE_LINE.exec(row)).find((match) => match !== null)
  const name = options.name ?? hostnameOf(tree)
  const { privilege, enableSecret, verbatim, unknownLines, host } = options
  const device = {
    name,
    eos: options.eos ?? header?.[2] ?? DEFAULT_EOS,
    model: header?.[1] ?? 'cEOSLab',
    serial: madeSerial(name),
    mac: madeMac(name),
    config,
    managementOutside: true,
    ...definedMembers({ privilege, enableSecret, verbatim, unknownLines, host }),
  }
  return {
    name,
    credentials: { username: options.username ?? 'admin', password: options.password ?? 'admin' },
    devices: [device],
    cabling: [],
    faults: [],
  }
}
