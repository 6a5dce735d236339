import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readAnsible } from '../../../src/change/roster/ansible/read-ansible.ts'
import { listForm } from '../../../src/change/roster/rendered-roster.ts'
import { watchedTree } from '../../../src/project/system/machine/watched-tree.ts'
import { recordings } from '../../recordings.ts'

const folder = recordings('inventories/')
const isThere = existsSync(folder)

interface Entry {
  readonly folder: string
  readonly inventory?: string | readonly string[]
  readonly expected?: string
  readonly shouldBeRefused?: true
}

const jsonOf = (path: string) => {
  const bytes = readFileSync(new URL(path, folder))
  return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString())
}
const entries = isThere
  ? (jsonOf('manifest.json') as { entries: readonly Entry[] }).entries.filter(
      ({ inventory }) => inventory !== undefined,
    )
  : []

/** What the file decrypts to that is encrypted as a whole: this test is not of vaults. */
const OPENED = 'vault_password: not-a-real-password-1\nsnmp:\n  community: not-a-real-community\n'

const read = (entry: Entry, paths: readonly string[]) =>
  readAnsible({
    tree: watchedTree(fileURLToPath(new URL(`${entry.folder}/source/`, folder)), ['/']),
    paths,
    open: () => OPENED,
  })

function listed(entry: Entry, paths: readonly string[]) {
  const result = read(entry, paths)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return JSON.parse([...listForm(result.value.roster)].join(''))
}

const hostsOf = (list: unknown) =>
  new Set(Object.values(list as Record<string, { hosts?: string[] }>).flatMap(({ hosts = [] }) => hosts)).size

describe.skipIf(!isThere)('inventories recorded with ansible-inventory (absent: ../shared/inventories)', () => {
  const good = entries.filter((entry) => entry.shouldBeRefused !== true)

  test('each that Ansible parses gives the same hosts, groups and variables', { tags: ['long', 'turn'] }, () => {
    let hosts = 0
    for (const entry of good) {
      const list = listed(entry, [entry.inventory ?? []].flat())
      expect(list, entry.folder).toEqual(jsonOf(`${entry.folder}/${entry.expected}`))
      hosts += hostsOf(list)
    }
    expect(good.length).toBe(24)
    expect(hosts).toBe(419)
  })

  test('each folder as a whole gives the same too', () => {
    let folders = 0
    for (const entry of good.filter((one) => one.folder.startsWith('ansible/'))) {
      const facts = jsonOf(`${entry.folder}/facts.json`) as { folderForm?: string }
      if (facts.folderForm === undefined) continue
      const expected = facts.folderForm === 'same' ? entry.expected : 'expected-folder.json'
      expect(listed(entry, ['.']), entry.folder).toEqual(jsonOf(`${entry.folder}/${expected}`))
      folders += 1
    }
    expect(folders).toBe(18)
  })

  test('of several inventories the later one adds to and overrides the earlier', () => {
    const entry = good.find(({ folder: name }) => name === 'ansible/atd-cicd') as Entry
    const expected = (name: string) => jsonOf(`${entry.folder}/expected-${name}.json`)
    expect(listed(entry, ['dev/hosts.yml'])).toEqual(expected('dev'))
    expect(listed(entry, ['prod/hosts.yml'])).toEqual(expected('prod'))
    expect(listed(entry, ['prod/hosts.yml', 'dev/hosts.yml'])).toEqual(expected('reversed'))
  })

  test.each([
    ['ansible/anta-unknown-tag', ['ansible_inventory_unknown_yaml_tag.yml', 10, 29]],
    ['ansible/nornir_ansible-parse_error', ['hosts', 5, 19]],
  ])('%s, which Ansible passes with a warning, is refused with its place', (name, place) => {
    const refused = entries.filter((entry) => entry.shouldBeRefused === true)
    expect(refused.map((entry) => entry.folder).toSorted()).toEqual([
      'ansible/anta-unknown-tag',
      'ansible/nornir_ansible-parse_error',
    ])
    const entry = refused.find((one) => one.folder === name) as Entry
    const result = read(entry, [entry.inventory ?? []].flat())
    const places = result.ok ? [] : result.problems.map(({ at }) => [at.file, at.line, at.column])
    expect(places).toEqual([place])
  })
})
