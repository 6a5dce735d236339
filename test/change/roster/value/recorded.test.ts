import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type RosterHost, type RosterValue, UnsafeText, VaultText } from '../../../../src/change/roster/hosts/roster.ts'
import { type HostValues, hostValues, type ReadingOptions } from '../../../../src/change/roster/value/host-values.ts'
import { VaultKeys } from '../../../../src/change/roster/vault/decrypt-vault.ts'
import { type LazyValue, ValueFault } from '../../../../src/model/once.ts'
import { recordings } from '../../../recordings.ts'
import { ownHost, plain } from '../own-tree.ts'

const home = recordings('inventories/ansible/')
type Step = string | number
type Outcome = { readonly value: unknown } | { readonly error: string }

/** What `ansible-inventory --list` says of the variables of each host; a vault value is in its envelope. */
function hostsOf(folder: string): RosterHost[] {
  const file = new URL(`${folder}/expected.json`, home)
  const text = existsSync(file)
    ? readFileSync(file, 'utf8')
    : gunzipSync(readFileSync(new URL(`${folder}/expected.json.gz`, home))).toString('utf8')
  const { _meta } = JSON.parse(text) as { _meta: { hostvars: Record<string, Record<string, unknown>> } }
  return Object.entries(_meta.hostvars).map(([name, vars]) => ({
    ...ownHost(rosterValue(vars) as Record<string, RosterValue>),
    name,
  }))
}

function rosterValue(given: unknown): RosterValue {
  if (Array.isArray(given)) return given.map(rosterValue)
  if (typeof given !== 'object' || given === null) return given as RosterValue
  if ('__ansible_vault' in given) return new VaultText(String(given.__ansible_vault))
  if ('__ansible_unsafe' in given) return new UnsafeText(String(given.__ansible_unsafe))
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, rosterValue(value)]))
}

function optionsOf(folder: string): ReadingOptions {
  const source = new URL(`${folder}/source/`, home)
  const passwords = readdirSync(source)
    .filter((name) => name.startsWith('.vault'))
    .map((name) => ({ id: name.slice('.vault-'.length), secret: readFileSync(new URL(name, source), 'utf8').trim() }))
  return { vault: { passwords, keys: new VaultKeys() } }
}

function valueAt(values: HostValues, [name, ...path]: readonly Step[]): LazyValue | undefined {
  return path.reduce<LazyValue | undefined>(
    (of, step) =>
      of?.kind === 'list' ? of.item(Number(step)) : of?.kind === 'map' ? of.member(String(step)) : undefined,
    values.get(String(name)),
  )
}

function outcomeOf(read: () => unknown): Outcome | { readonly refused: ValueFault } {
  try {
    return { value: read() }
  } catch (thrown) {
    if (thrown instanceof ValueFault) return { refused: thrown }
    throw thrown
  }
}

interface Compared {
  readonly how: 'equal' | 'refused' | 'differs'
  readonly code?: string
  readonly words: string
}

/** A recorded value and what is read here. */
function compare(host: string, values: HostValues, entry: readonly unknown[]): Compared {
  const [path, outcome] = [entry[0] as Step[], entry.at(-1) as Outcome]
  const now = outcomeOf(() => plain(valueAt(values, path)))
  const words = `${host} ${path.join('.')}: ${JSON.stringify(now)}, not ${JSON.stringify(outcome)}`
  if ('error' in outcome && 'refused' in now) return { how: 'refused', code: now.refused.problem.code, words }
  return { how: JSON.stringify(now) === JSON.stringify(outcome) ? 'equal' : 'differs', words }
}

/** Every value that a file of the recordings names, and how many other variables of the same hosts are read too. */
function compared(file: string): { all: Compared[]; others: number } {
  const folders = readdirSync(home).filter((name) => existsSync(new URL(`${name}/${file}`, home)))
  let others = 0
  const all = folders.flatMap((folder) => {
    const recorded = JSON.parse(readFileSync(new URL(`${folder}/${file}`, home), 'utf8')) as Record<string, unknown[][]>
    const options = optionsOf(folder)
    return hostsOf(folder).flatMap((host) => {
      const values = hostValues(host, options)
      const own = (recorded[host.name] ?? []).map((entry) => compare(`${folder} ${host.name}`, values, entry))
      if (own.some(({ how }) => how === 'refused'))
        others += values.names().filter((name) => 'value' in outcomeOf(() => values.get(name))).length
      return own
    })
  })
  return { all, others }
}

const countOf = (all: readonly Compared[], how: Compared['how']) => all.filter((one) => one.how === how).length

describe.skipIf(!existsSync(home))('recorded of ansible-core', () => {
  test('493 rendered values: equal, or refused where Ansible refuses them', () => {
    const { all, others } = compared('rendered.json')
    expect(all.filter(({ how }) => how === 'differs')).toEqual([])
    expect([countOf(all, 'equal'), countOf(all, 'refused')]).toEqual([455, 38])
    expect(new Set(all.flatMap(({ code }) => code ?? []))).toEqual(new Set(['inventory-jinja']))
    // A value that cannot be read harms no other one of its host.
    expect(others).toBeGreaterThan(500)
  })

  test('17 vault values', () => {
    const { all } = compared('expected-vault.json')
    expect(all.filter(({ how }) => how === 'differs')).toEqual([])
    expect([countOf(all, 'equal'), countOf(all, 'refused')]).toEqual([16, 1])
    expect(all.flatMap(({ code }) => code ?? [])).toEqual(['inventory-vault'])
  })
})
