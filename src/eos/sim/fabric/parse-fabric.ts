import { definedMembers } from '../../../model/defined-members.ts'
import { messageOf } from '../../../model/error.ts'
import type { Json } from '../../../model/json.ts'
import { type Problem, problemOf, type ValueOrProblems } from '../../../model/problem.ts'
import { acceptUnless } from '../../../text/source/checked.ts'
import { absenceWords, type Files } from '../../../text/source/files.ts'
import { keyPlaceOf, type LocatedValue, type Path, placeOf } from '../../../text/source/located.ts'
import { parseWith } from '../../../text/source/parse-with.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { GENERATED_LIMIT, readText } from '../../../text/source/text.ts'
import { readYaml } from '../../../text/source/yaml.ts'
import { type Cable, type RecordedOutput, recordedPath } from '../platform/facts.ts'
import type { Fabric, FabricDevice } from './fabric.ts'
import { type FabricFile, fabricSchema } from './fabric-schema.ts'
import { madeMac, madeSerial } from './made-identity.ts'

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
      return [{ command, ...definedMembers({ json }), ...(read?.ok === true ? { text: read.value } : {}) }]
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
      const message = messageOf(error)
      this.problems.push(problemOf(path, 'invalid-json', message, 'record it again'))
      return null
    }
  }

  #config(path: string, at: Path): string {
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

  #cable(text: string, index: number): Cable | undefined {
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

  #sending(cable: Cable): Cable {
    const { hosts } = this.#written
    const sends = (hosts[cable.b.device] ?? hosts[cable.a.device])?.map(definedMembers)
    return sends === undefined ? cable : { ...cable, sends }
  }

  #uncabled(cables: readonly Cable[]): void {
    const ends = cables.flatMap(({ a, b }) => [a.device, b.device])
    const names = ends.filter((end) => !Object.hasOwn(this.#written.devices, end))
    for (const host of Object.keys(this.#written.hosts)) {
      if (names.includes(host)) continue
      const message = `no cable leads to a host \`${host}\``
      this.#problem('unknown-host', message, ['hosts', host], didYouMean(host, names))
    }
  }

  #flowing(source: string, cables: readonly Cable[], demand: Path): void {
    const names = [...Object.keys(this.#written.devices), ...cables.flatMap(({ a, b }) => [a.device, b.device])]
    if (names.includes(source)) return
    const message = `\`${source}\` is no switch and no host at a cable`
    this.#problem('unknown-source', message, demand, didYouMean(source, names))
  }

  #usedTwice(cables: readonly Cable[]): void {
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

  #known(device: string, at: Path): void {
    const names = Object.keys(this.#written.devices)
    if (names.includes(device)) return
    this.#problem('unknown-device', `\`${device}\` is no switch of this fabric`, at, didYouMean(device, names))
  }

  #problem(code: string, message: string, path: Path, hint: string): void {
    const at = path.at(-1) === 'config' ? keyPlaceOf(this.#located, path) : placeOf(this.#located, path)
    this.problems.push({ code, message, at, hint })
  }
}
