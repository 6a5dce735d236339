import type { LazyValue } from '../../../src/model/lazy-value.ts'
import type { Roster, RosterHost, RosterValue, Variable } from '../../../src/roster/roster.ts'

/** A host with variables, each on a line of its own in `host_vars/leaf1.yml`; parts of a value are behind it by their number of steps. */
export function ownHost(vars: Readonly<Record<string, RosterValue>>, secret: readonly string[] = []): RosterHost {
  const variables = Object.entries(vars).map(([name, value], index): [string, Variable] => {
    const at = { file: 'host_vars/leaf1.yml', line: index + 1, column: 1 }
    const placeOf: Variable['placeOf'] = (path) => ({ ...at, column: 1 + path.length })
    return [name, { value, at, placeOf, ...(secret.includes(name) ? { isSecret: true } : {}) }]
  })
  return {
    name: 'leaf1.example.net',
    at: { file: 'hosts.yml', line: 4, column: 9 },
    groups: ['all', 'LEAVES', 'FABRIC'],
    layers: [{ of: 'host leaf1', vars: new Map(variables) }],
  }
}

/** A roster of that host and another one. */
export function ownRoster(host: RosterHost): Roster {
  const group = (name: string, hosts: readonly string[]) => ({ name, children: [], hosts, layers: [] })
  const other: RosterHost = { ...host, name: 'leaf2', groups: ['all', 'FABRIC'], layers: [] }
  return {
    hosts: new Map([host, other].map((one) => [one.name, one])),
    groups: new Map(
      [group('all', []), group('FABRIC', [host.name, 'leaf2']), group('LEAVES', [host.name])].map((one) => [
        one.name,
        one,
      ]),
    ),
  }
}

/** Everything of a lazy value, as plain data: a float without a fraction is `float 1`. */
export function plain(value: LazyValue | undefined): unknown {
  if (value === undefined) return undefined
  if (value.kind === 'scalar') return value.isFloat === true ? `float ${String(value.value)}` : value.value
  if (value.kind === 'list') return Array.from({ length: value.length }, (_, index) => plain(value.item(index)))
  return Object.fromEntries(value.keys().map((key) => [key, plain(value.member(key))]))
}
