import type { Inventory } from '../../src/inventory/inventory.ts'
import { parseInventory } from '../../src/inventory/inventory.ts'
import { ansibleConnection } from '../../src/inventory/source/ansible-connection.ts'
import type { SourceReading } from '../../src/inventory/source/source-reading.ts'
import type { Place, Problem } from '../../src/model/problem.ts'
import { plainValue } from '../../src/roster/plain-value.ts'
import { type Layer, type RosterGroup, type RosterHost, type RosterValue, variableOf } from '../../src/roster/roster.ts'
import { accept, problemsOf } from '../../src/source/checked.ts'

/** Variables as a file has them, one a line. */
export function layer(of: string, file: string, vars: Readonly<Record<string, RosterValue>>): Layer {
  return {
    of,
    vars: new Map(Object.entries(vars).map(([name, value], index) => [name, { value, at: place(file, index + 1) }])),
  }
}

/** A host of a source. */
export function host(name: string, groups: readonly string[], layers: readonly Layer[]): RosterHost {
  return { name, at: place('hosts.yml', 1), groups, layers }
}

/** What was read of a source with these hosts, all of them switches unless it says otherwise. */
export function reading(
  label: string,
  hosts: readonly RosterHost[],
  more: Partial<SourceReading> & { readonly children?: Readonly<Record<string, readonly string[]>> } = {},
): SourceReading {
  const { children = {}, ...rest } = more
  const names = [...new Set([...Object.keys(children), ...hosts.flatMap(({ groups }) => groups)])]
  const groups = names.map((name): [string, RosterGroup] => [
    name,
    {
      name,
      children: children[name] ?? [],
      hosts: hosts.filter((one) => one.groups.includes(name)).map((one) => one.name),
      layers: [],
    },
  ])
  return {
    label,
    at: place('inventory.yaml', 2),
    tags: {},
    vars: 'all',
    roster: { hosts: new Map(hosts.map((one) => [one.name, one])), groups: new Map(groups) },
    chosen: hosts.map(({ name }) => name),
    rule: 'is a switch',
    hint: 'name some',
    valuesOf: (of) => ({
      get: (name) => {
        const variable = variableOf(of, name)
        return variable === undefined ? undefined : plainValue(variable)
      },
    }),
    connectionOf: ansibleConnection,
    warnings: [],
    ...rest,
  }
}

/** An inventory over what was read of its sources, and everything that is wrong with it. */
export function inventoryOver(
  text: string,
  readings: readonly SourceReading[],
): { readonly inventory?: Inventory; readonly problems: readonly Problem[] } {
  const sources = readings.map((_, index) => `  - ansible: source${index}\n`).join('')
  const parsed = parseInventory(`sources:\n${sources}${text}`, 'inventory.yaml', undefined, () =>
    readings.map((one) => accept(one)),
  )
  return parsed.ok ? { inventory: parsed.value, problems: [] } : { problems: problemsOf(parsed) }
}

/** The defaults and credentials that most inventories of tests have. */
export const LOGIN = `defaults: { credentials: operator }
credentials: { operator: { username: eosflow, password: '\${env:EOSFLOW_RW}' } }
`

function place(file: string, line: number): Place {
  return { file, line, column: 1 }
}
