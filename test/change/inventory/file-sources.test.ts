import { expect, test } from 'vitest'
import { sourceSettings } from '../../../src/change/inventory/source/source-settings.ts'
import { type FileSettings, readFileSource } from '../../../src/project/files/sources/read-file-source.ts'
import { pathsOf } from '../../../src/project/files/sources/read-source.ts'
import { memoryTree } from '../roster/own-tree.ts'

interface Row {
  /** The entry as `inventory.yaml` has it. */
  readonly source: object
  readonly files: Readonly<Record<string, string>>
  readonly label: string
  /** Each of its switches with the address and the port that the source says. */
  readonly switches: readonly (readonly [name: string, host: string, port?: number])[]
  /** The tags of the settings and of its columns. */
  readonly tags?: Readonly<Record<string, string>>
}

/** Each kind of files under `sources:` once, with a host that is no switch where the kind knows such. */
const ROWS: Readonly<Record<string, Row>> = {
  nornir: {
    source: { nornir: { hosts: 'hosts.yaml' }, tags: { site: 'site' } },
    files: {
      'hosts.yaml': 'leaf1: { hostname: 192.0.2.11, port: 8443, platform: eos }\nserver: { platform: linux }\n',
    },
    label: 'nornir hosts.yaml',
    switches: [['leaf1', '192.0.2.11', 8443]],
    tags: { site: 'site' },
  },
  anta: {
    source: { anta: 'anta.yml' },
    files: { 'anta.yml': 'anta_inventory: { hosts: [{ host: 192.0.2.11, name: leaf1, port: 8443 }] }\n' },
    label: 'anta anta.yml',
    switches: [['leaf1', '192.0.2.11', 8443]],
  },
  containerlab: {
    source: { containerlab: 'lab.clab.yml' },
    files: {
      'lab.clab.yml':
        'name: lab\ntopology: { nodes: { leaf1: { kind: ceos, mgmt-ipv4: 192.0.2.11 }, server: { kind: linux } } }\n',
    },
    label: 'containerlab lab.clab.yml',
    switches: [['leaf1', '192.0.2.11']],
  },
  csv: {
    source: { csv: { file: 'a.csv', columns: { name: 'who', host: 'ip', platform: 'os', 'tags.rack': 'rack' } } },
    files: { 'a.csv': 'who,ip,os,rack\nleaf1,192.0.2.11/24,eos,r4\nserver,192.0.2.50,linux,r4\n' },
    label: 'csv a.csv',
    switches: [['leaf1', '192.0.2.11']],
    tags: { rack: 'rack' },
  },
}

const AT = { file: 'inventory.yaml', line: 2, column: 5 }

const settingsOf = (source: object) => {
  const [settings] = sourceSettings.parse([source])
  if (settings === undefined) throw new Error('no source')
  return settings as FileSettings
}

test.each(Object.entries(ROWS))('%s as a source: its switches, and how they are reached', (_, row) => {
  const settings = settingsOf(row.source)
  const read = readFileSource(settings, AT, memoryTree(row.files))
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const { label, chosen, roster, tags, connectionOf, valuesOf } = read.value
  const reached = chosen.flatMap((name) => {
    const host = roster.hosts.get(name)
    if (host === undefined) return []
    const { host: address, port } = connectionOf(host, valuesOf(host))
    return [port === undefined ? [name, address?.text] : [name, address?.text, port]]
  })
  expect([label, reached, tags]).toEqual([row.label, row.switches, row.tags ?? {}])
  expect(pathsOf(settings)).toEqual(Object.keys(row.files))
})

test.each(Object.entries(ROWS))('%s of which a file is not there is refused, with its path', (_, { source, files }) => {
  const read = readFileSource(settingsOf(source), AT, memoryTree({}))
  const [path] = Object.keys(files)
  expect(read.ok ? [] : read.problems.map(({ code, message, at }) => `${at.line}: ${code} ${message}`)).toEqual([
    `2: no-such-file ${path} is not there, or may not be read`,
  ])
})

test('every kind of files that `sources:` takes has a row', () => {
  const asked = ['ansible', 'netbox', 'nautobot', 'exec']
  const kinds = sourceSettings.element.options.flatMap(({ shape }) =>
    Object.keys(shape).filter((key) => !['tags', 'vars', 'only', 'playbooks', 'vault'].includes(key)),
  )
  expect(Object.keys(ROWS).sort()).toEqual(kinds.filter((kind) => !asked.includes(kind)).sort())
})
