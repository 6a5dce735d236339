import { type WrittenKey, writtenKeys } from '../../../model/map-keys.ts'
import type { Place } from '../../../model/problem.ts'
import { readYaml11, type Yaml11 } from '../../../text/yaml-1-1/read.ts'
import type { RosterMap, RosterValue, Variable } from '../hosts/roster.ts'
import { broken, InventoryFault } from './fault.ts'
import type { AnsibleGroup, InventoryData } from './group.ts'
import { expandHosts } from './host-range.ts'
import { ANSIBLE_TAGS, isMap, isNothing, placeWithin } from './tags.ts'

const SECTIONS = ['vars', 'children', 'hosts'] as const

/** Reads an inventory in Ansible's YAML form into `data`: groups with `hosts`, `children` and `vars`. Throws InventoryFault where it is none. */
export function readYaml(
  text: string,
  file: string,
  data: InventoryData,
  note: (text: string, at: Place) => void,
): void {
  const read = readYaml11(text, file, { tags: ANSIBLE_TAGS, markDepth: Number.POSITIVE_INFINITY })
  if (!read.ok) throw new InventoryFault(read.problems[0])
  new YamlReader(read.value, file, data, note).read()
}

class YamlReader {
  private readonly yaml: Yaml11
  private readonly file: string
  private readonly data: InventoryData
  private readonly note: (text: string, at: Place) => void

  constructor(yaml: Yaml11, file: string, data: InventoryData, note: (text: string, at: Place) => void) {
    this.yaml = yaml
    this.file = file
    this.data = data
    this.note = note
  }

  read(): void {
    const start = { file: this.file, line: 1, column: 1 }
    const { value } = this.yaml
    if (!isMap(value)) throw broken('an inventory must be a mapping of groups', start)
    if (writtenKeys(value).length === 0) throw broken('the inventory is empty', start)
    if (value.plugin)
      throw broken(
        'this configures an inventory plugin of Ansible',
        this.place(value, 'plugin'),
        'give eosflow what it prints: an exec source',
      )
    for (const name of writtenKeys(value)) this.group(name, value)
  }

  private place(container: object, key: WrittenKey): Place {
    const mark = this.yaml.markOf(container, String(key))
    return { file: this.file, ...(mark ?? { line: 1, column: 1 }) }
  }

  private group(name: WrittenKey, parent: RosterMap): string {
    const at = this.place(parent, name)
    const content = parent[String(name)] ?? null
    if (content !== null && !isMap(content)) {
      this.note(`${String(name)} is no group, and is skipped`, at)
      return String(name)
    }
    if (typeof name !== 'string')
      throw broken(`the name of a group must be a text, and ${String(name)} is none`, at, 'put it in quotes')
    const group = this.data.addGroup(name, at)
    if (content !== null) this.content(group, content)
    return name
  }

  private content(group: AnsibleGroup, content: RosterMap): void {
    const maps = new Map(writtenKeys(content).map((key) => [key, content[String(key)] ?? null]))
    for (const section of SECTIONS) {
      const given = maps.get(section) ?? null
      if (typeof given === 'string') maps.set(section, { [given]: null })
      else if (given !== null && !isMap(given))
        throw broken(
          `${section} of ${group.name} must be a mapping`,
          this.place(content, section),
          `write "${section}:" with "name:" lines below`,
        )
    }
    for (const [key, given] of maps) this.section(group, key, given, this.place(content, key))
  }

  private section(group: AnsibleGroup, key: WrittenKey, given: RosterValue, at: Place): void {
    if (given === null) return
    if (!isMap(given)) this.note(`${String(key)} in ${group.name} is no mapping, and is skipped`, at)
    else if (key === 'vars') {
      for (const name of writtenKeys(given)) this.data.setVariable(group.name, String(name), this.variable(given, name))
    } else if (key === 'children') {
      for (const name of writtenKeys(given)) this.data.addChild(group, this.group(name, given), this.place(given, name))
    } else if (key === 'hosts') {
      for (const pattern of writtenKeys(given)) this.host(group, pattern, given)
    } else this.note(`${String(key)} in ${group.name} is not vars, children or hosts, and is skipped`, at)
  }

  private host(group: AnsibleGroup, pattern: WrittenKey, hosts: RosterMap): void {
    const at = this.place(hosts, pattern)
    if (typeof pattern !== 'string')
      throw broken(`the name of a host must be a text, and ${String(pattern)} is none`, at, 'put it in quotes')
    const { names, port } = expandHosts(pattern, at)
    const vars = hosts[pattern] ?? null
    if (!isNothing(vars) && !isMap(vars)) throw broken(`the variables of ${pattern} must be a mapping`, at)
    for (const name of names) {
      this.data.addHost(name, group, port, at)
      if (!isMap(vars)) continue
      for (const key of writtenKeys(vars)) this.data.setVariable(name, String(key), this.variable(vars, key))
    }
  }

  private variable(container: RosterMap, key: WrittenKey): Variable {
    const value = container[String(key)] ?? null
    const at = this.place(container, key)
    return { value, at, placeOf: (path) => placeWithin(this.yaml, this.file, value, path) ?? at }
  }
}
