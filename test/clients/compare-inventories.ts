import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { hostsOfPattern } from '../../src/change/roster/ansible/pattern.ts'
import { readAnsible } from '../../src/change/roster/ansible/read-ansible.ts'
import { type Layer, membersOf, type Roster, type Variable } from '../../src/change/roster/hosts/roster.ts'
import { listForm } from '../../src/change/roster/rendered-roster.ts'
import { hostValues } from '../../src/change/roster/value/host-values.ts'
import { ValueFault } from '../../src/model/once.ts'
import { watchedTree } from '../../src/project/system/machine/watched-tree.ts'
import { plain } from '../change/roster/own-tree.ts'
import { writeFiles } from '../lab/files.ts'
import { Chance, type GeneratedInventory, generatedInventory } from './inventory-generator.ts'

/** A template that is rendered with the variables of a host. */
interface Asked {
  readonly host: string
  readonly text: string
}

/** Templates of a group `G` whose hosts have an order in Ansible. */
const ORDERED = [
  '{{ groups["G"] | to_json }}',
  '{{ groups["G"].index(inventory_hostname) }}-',
  '{{ groups["G"][0] }}{{ groups["G"][-1] }}',
  '{{ groups["G"] | join(",") }}',
  '{% for h in groups["G"] %}{{ loop.index }}:{{ h }}{{ "" if loop.last else " " }}{% endfor %}',
  '{{ groups["G"] | map("regex_replace", "[0-9]+", "n") | unique | join(" ") }}.',
  '{{ groups["G"] | reject("eq", inventory_hostname) | list | to_nice_yaml }}',
]
/** Templates in which the order of hosts means nothing. */
const OTHERS = [
  '{{ groups["G"] | sort | to_json }}',
  '{{ groups["G"] | length }}.',
  '{{ groups.keys() | list | to_json }}',
  '{{ groups | join(" ") }}',
  '{{ groups | dict2items | map(attribute="key") | to_yaml }}',
  '{{ inventory_hostname in groups["G"] }}.{{ "G" in groups }}.{{ "no" in groups }}',
  '{{ group_names | to_json }}{{ inventory_hostname_short }}',
  '{{ groups["no"] | default([]) | length }}{{ groups.all | length }}.',
  '{% for g in groups if inventory_hostname in groups[g] %}{{ g }} {% endfor %}.',
  '{{ [x | default("-"), y | default("-")] | to_json }}',
  '{{ ntp | default("-") | to_json }}{{ note is defined }}',
  '{{ hostvars[groups["G"][0]]["inventory_hostname"] }}',
]

/** Templates by chance of some hosts of an inventory, always the same ones for a seed. */
function askedOf(seed: number, roster: Roster) {
  const chance = new Chance(seed)
  const hosts = [...roster.hosts.keys()]
  const groups = [...roster.groups.keys()].filter((name) => !name.includes('"'))
  if (hosts.length === 0 || groups.length === 0) return []
  return Array.from({ length: 10 }, () => {
    const group = chance.of(groups)
    const text = chance.of(hasOrder(roster, group) ? [...ORDERED, ...OTHERS] : OTHERS)
    return { host: chance.of(hosts), text: text.replaceAll('G"', `${group}"`) }
  })
}

/** Whether all hosts of a group are in it or in a group directly in it: deeper ones have no order in Ansible. */
function hasOrder(roster: Roster, name: string) {
  const near = [name, ...(roster.groups.get(name)?.children ?? [])]
  const hosts = new Set(near.flatMap((group) => roster.groups.get(group)?.hosts ?? []))
  return hosts.size === [...membersOf(roster, name)].length
}

/** What a template becomes here with the variables of a host; undefined where it is refused. */
function ownText(roster: Roster, name: string, text: string) {
  const host = roster.hosts.get(name)
  if (host === undefined) return undefined
  const asked: Variable = { value: text, at: host.at, placeOf: () => host.at }
  const layer: Layer = { of: 'asked', vars: new Map([['asked', asked]]) }
  try {
    const made = plain(hostValues({ ...host, layers: [...host.layers, layer] }, { roster }).get('asked'))
    return typeof made === 'string' ? made : JSON.stringify(made)
  } catch (thrown) {
    if (thrown instanceof ValueFault) return undefined
    throw thrown
  }
}

const PYTHON = '/usr/bin/python3'
const driver = fileURLToPath(new URL('python/read_inventories.py', import.meta.url))

/** Whether Ansible is installed here. */
export const hasAnsible = () => spawnSync(PYTHON, ['-c', 'import ansible.cli.inventory']).status === 0

/** What Ansible says of an inventory: `list` is null where it could not read all of it. */
interface Answer {
  readonly list: string | null
  /** Whether its keys are sorted: Python cannot sort keys of several types, and `ansible-inventory` then leaves all as they are. */
  readonly isSorted?: boolean
  readonly patterns: readonly (readonly string[] | null)[]
  /** `groups` as templates see it. */
  readonly groups?: readonly (readonly [string, readonly string[]])[]
  /** What the templates of hosts become; null where Ansible refuses one. */
  readonly texts?: readonly (string | null)[]
  readonly warnings: readonly string[]
}

/** How a comparison went. */
export interface Comparison {
  /** Inventories that Ansible reads as a whole. */
  readonly read: number
  /** Those that it cannot read, or only in part, which eosflow must refuse. */
  readonly broken: number
  readonly hosts: number
  readonly patterns: number
  /** Templates of hosts that both render. */
  readonly texts: number
  /** Templates that are rendered here and refused by Ansible: a variable that they read has a `{%` that begins no tag. */
  readonly lenient: number
  /** What differs, with the seed that makes it again. */
  readonly differences: readonly string[]
}

/** Compares generated inventories of `count` seeds, from `seed` on, with Ansible's own libraries in one process. */
export async function compareInventories(seed: number, count: number): Promise<Comparison> {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-inventories-'))
  const ansible = spawn(PYTHON, [driver])
  ansible.stderr.resume()
  try {
    const total = { read: 0, broken: 0, hosts: 0, patterns: 0, texts: 0, lenient: 0, differences: [] as string[] }
    const answers = createInterface({ input: ansible.stdout })[Symbol.asyncIterator]()
    for (let one = seed; one < seed + count; one += 1)
      await compareOne(one, join(dir, String(one)), ansible, answers, total)
    return total
  } finally {
    ansible.kill()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function compareOne(
  seed: number,
  root: string,
  ansible: ChildProcessWithoutNullStreams,
  answers: AsyncIterator<string>,
  total: {
    read: number
    broken: number
    hosts: number
    patterns: number
    texts: number
    lenient: number
    differences: string[]
  },
) {
  const generated = generatedInventory(seed)
  writeFiles(root, generated.files)
  const paths = generated.paths.map((path) => join(root, path))
  const own = readAnsible({ tree: watchedTree(root, ['/']), paths: generated.paths })
  const asked = own.ok ? askedOf(seed, own.value.roster) : []
  ansible.stdin.write(
    `${JSON.stringify({ paths, patterns: generated.patterns, asked: asked.map(({ host, text }) => [host, text]) })}\n`,
  )
  const { value, done } = await answers.next()
  if (done === true) throw new Error('the process of Ansible has ended')
  const answer = JSON.parse(value) as Answer
  const difference =
    differenceOf(generated, own, answer) ?? (own.ok ? differentText(own.value.roster, asked, answer, total) : undefined)
  if (difference !== undefined) total.differences.push(`seed ${seed}: ${difference}`)
  if (answer.list === null) total.broken += 1
  else {
    total.read += 1
    total.patterns += answer.patterns.length
    total.hosts += (answer.list.match(/^ {12}"/gm) ?? []).length
  }
  rmSync(root, { recursive: true, force: true })
}

/** What both make of the templates of hosts is the same; what only Ansible makes is refused here. */
function differentText(
  roster: Roster,
  asked: readonly Asked[],
  { texts = [] }: Answer,
  total: { texts: number; lenient: number },
) {
  for (const [index, { host, text }] of asked.entries()) {
    const [own, theirs] = [ownText(roster, host, text), texts[index] ?? undefined]
    if (own !== undefined && own === theirs) total.texts += 1
    else if (own !== undefined && theirs === undefined) total.lenient += 1
    else if (own !== undefined) return `${text} of ${host} is ${own}, and for Ansible ${theirs}`
  }
  return undefined
}

function differenceOf({ patterns }: GeneratedInventory, read: ReturnType<typeof readAnsible>, answer: Answer) {
  if (answer.list === null) return read.ok ? `is read, and Ansible says ${answer.warnings.join(' | ')}` : undefined
  if (!read.ok) return `is refused: ${JSON.stringify(read.problems)}`
  const list = [...listForm(read.value.roster)].join('')
  const isSame = answer.isSorted === false ? linesOf(list) === linesOf(answer.list) : list === `${answer.list}\n`
  if (!isSame)
    return answer.isSorted === false ? firstLine(linesOf(list), linesOf(answer.list)) : firstLine(list, answer.list)
  return differentGroup(read.value.roster, answer.groups ?? []) ?? differentPattern(read.value.roster, patterns, answer)
}

/** Names in their order; of each group its own hosts and those of the groups directly in it in theirs. Deeper ones have none in Ansible: sets ordered by addresses in memory. */
function differentGroup(roster: Roster, groups: NonNullable<Answer['groups']>) {
  const [own, theirs] = [[...roster.groups.keys()], groups.map(([name]) => name)]
  if (own.join() !== theirs.join()) return `groups are ${own.join()}, and for Ansible ${theirs.join()}`
  for (const [name, hosts] of groups) {
    const mine = [...membersOf(roster, name)]
    const near = [name, ...(roster.groups.get(name)?.children ?? [])]
    const { size } = new Set(near.flatMap((group) => roster.groups.get(group)?.hosts ?? []))
    const isSame = mine.slice(0, size).join() === hosts.slice(0, size).join()
    if (!isSame || mine.toSorted().join() !== hosts.toSorted().join())
      return `${name} has ${mine.join()}, and for Ansible ${hosts.join()}`
  }
  return undefined
}

function differentPattern(roster: Roster, patterns: readonly string[], answer: Answer) {
  for (const [index, pattern] of patterns.entries()) {
    const picked = hostsOfPattern(roster, pattern, { file: '', line: 1, column: 1 })
    // A part of it means nothing, which Ansible only warns of.
    if (!picked.ok) continue
    const [own, theirs] = [picked.value, answer.patterns[index] ?? []]
    // Beyond those directly in it, a group has no order of hosts in Ansible: its sets of groups are ordered by addresses in memory.
    if (/^(?:all|DC1)\[/.test(pattern) && own.length === theirs.length) continue
    if (own.toSorted().join() !== theirs.toSorted().join())
      return `${pattern} means ${own.join()}, and for Ansible ${theirs.join()}`
  }
  return undefined
}

function firstLine(own: string, theirs: string) {
  const [mine, other] = [own.split('\n'), theirs.split('\n')]
  const index = mine.findIndex((line, at) => line !== other[at])
  return `line ${index + 1}: ${mine.slice(index - 1, index + 2).join('⏎')} and for Ansible ${other.slice(index - 1, index + 2).join('⏎')}`
}

/** The lines of a list whose keys are in any order. */
function linesOf(list: string) {
  const lines = list.trimEnd().split('\n')
  return lines
    .map((line) => line.replace(/,$/, ''))
    .sort()
    .join('\n')
}
