import type { Problem, ValueOrProblems } from '../../../model/problem.ts'
import { acceptUnless } from '../../../text/source/checked.ts'
import type { Tree } from '../../../text/source/tree.ts'
import type { Layer, Roster, RosterGroup, RosterHost } from '../hosts/roster.ts'
import { InventoryFault } from './fault.ts'
import type { Opener } from './file-text.ts'
import { type AnsibleGroup, type AnsibleHost, byStrength } from './group.ts'
import { InventoryData } from './inventory-data.ts'
import { folderOf, joined, plainPath } from './paths.ts'
import { readSource, type SourceContext } from './read-source.ts'
import { unreadFolders } from './unread-folders.ts'
import { VarsFolders } from './vars-files.ts'
import { varsLayer } from './vars-layer.ts'

/** What an inventory of Ansible is read from. */
export interface AnsibleSource {
  readonly tree: Tree
  /** Files and folders, as `-i` names them to Ansible: a later one adds to and overrides an earlier. */
  readonly paths: readonly string[]
  /** The folder of the playbooks, whose group_vars and host_vars are read as well, as `--playbook-dir` says it to Ansible. */
  readonly playbooks?: string
  /** For files that are encrypted as a whole; absent where there is no password. */
  readonly open?: Opener
}

/** An inventory, and what is odd in it though Ansible takes it. */
export interface AnsibleInventory {
  readonly roster: Roster
  readonly notes: readonly Problem[]
}

/**
 * Reads an inventory as ansible-core 2.14 does: INI and YAML, folders, group_vars and host_vars beside the inventory. What Ansible
 * passes with a warning because it cannot read it is refused here (docs/ansible-inventory.md). Each file of variables is its own layer.
 */
export function readAnsible({ tree, paths, playbooks, open }: AnsibleSource): ValueOrProblems<AnsibleInventory> {
  const reading: SourceContext = { tree, open, data: new InventoryData(), problems: [], notes: [] }
  const sources = paths.map(plainPath)
  let found = false
  for (const path of sources) if (readSource(path, reading)) found = true
  if (found) settle(reading)
  const beside = foldersOf(sources, tree)
  const folders = playbooks === undefined ? beside : withLast(beside, plainPath(playbooks))
  const roster = new RosterMaker(reading, folders).roster()
  return acceptUnless(reading.problems, () => ({
    roster,
    notes: [...reading.notes, ...unreadFolders(tree, beside, folders)],
  }))
}

function settle({ data, problems }: SourceContext): void {
  try {
    data.reconcile()
  } catch (error) {
    if (!(error instanceof InventoryFault)) throw error
    problems.push(error.problem)
  }
}

/** Where group_vars and host_vars are looked for: a folder that is named twice counts at its last place. */
function foldersOf(sources: readonly string[], tree: Tree): readonly string[] {
  const folders = sources.map((path) => (tree.folder(path) === undefined ? folderOf(path) : path))
  return folders.filter((folder, index) => folders.lastIndexOf(folder) === index)
}

/** The files of the playbooks are stronger than those of all inventories. */
function withLast(folders: readonly string[], last: string): readonly string[] {
  return [...folders.filter((folder) => folder !== last), last]
}

class RosterMaker {
  private readonly reading: SourceContext
  private readonly folders: readonly string[]
  private readonly varsFolders: VarsFolders
  /** By group: the layers of each folder. */
  private readonly ofGroups = new Map<AnsibleGroup, readonly (readonly Layer[])[]>()
  private readonly inventoryLayers = new Map<AnsibleGroup, readonly Layer[]>()
  private readonly strong = new Map<string, readonly AnsibleGroup[]>()

  constructor(reading: SourceContext, folders: readonly string[]) {
    this.reading = reading
    this.folders = folders
    this.varsFolders = new VarsFolders(reading.tree)
  }

  roster(): Roster {
    const { data } = this.reading
    for (const group of data.groups.values()) {
      this.inventoryLayers.set(group, group.vars.size === 0 ? [] : [{ of: `group ${group.name}`, vars: group.vars }])
      this.ofGroups.set(group, this.filesOf(`group ${group.name}`, 'group_vars', group.name))
    }
    const reached = data.all.allHosts()
    const hosts = [...data.hosts.values()].filter((host) => reached.has(host))
    return {
      hosts: new Map(hosts.map((host) => [host.name, this.host(host)])),
      groups: new Map([...data.groups.values()].map((group) => [group.name, this.group(group)])),
    }
  }

  private filesOf(of: string, kind: 'group_vars' | 'host_vars', name: string): readonly (readonly Layer[])[] {
    return this.folders.map(
      (folder) =>
        this.caught(() => this.varsFolders.filesOf(joined(folder, kind), name))?.flatMap(
          (path) => this.caught(() => varsLayer(this.reading.tree, path, of, this.reading.open)) ?? [],
        ) ?? [],
    )
  }

  /** What cannot be read is one problem, for however many groups and hosts it is needed. */
  private caught<T>(read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof InventoryFault)) throw error
      const { message, at } = error.problem
      const isSaid = this.reading.problems.some((one) => one.message === message && one.at.file === at.file)
      if (!isSaid) this.reading.problems.push(error.problem)
      return undefined
    }
  }

  private group(group: AnsibleGroup): RosterGroup {
    return {
      name: group.name,
      children: [...group.children].map(({ name }) => name),
      hosts: [...group.hosts].map(({ name }) => name),
      layers: [...(this.inventoryLayers.get(group) ?? []), ...(this.ofGroups.get(group) ?? []).flat()],
    }
  }

  /** The order of Ansible: `all`, groups, then files of `all`, files of groups folder by folder, the host, its files. */
  private host(host: AnsibleHost): RosterHost {
    const { all } = this.reading.data
    const groups = this.groupsOf(host)
    const others = groups.filter((group) => group !== all)
    const files = this.folders.flatMap((_, index) => others.flatMap((group) => this.ofGroups.get(group)?.[index] ?? []))
    const own: Layer = { of: `host ${host.name}`, vars: host.vars }
    return {
      name: host.name,
      at: host.at,
      groups: groups.map(({ name }) => name),
      layers: [
        ...(this.inventoryLayers.get(all) ?? []),
        ...others.flatMap((group) => this.inventoryLayers.get(group) ?? []),
        ...(this.ofGroups.get(all) ?? []).flat(),
        ...files,
        own,
        ...this.filesOf(own.of, 'host_vars', host.name).flat(),
      ],
    }
  }

  /** Hosts in the same groups directly are in the same groups altogether: that is found once. */
  private groupsOf(host: AnsibleHost): readonly AnsibleGroup[] {
    const direct = [...host.direct]
    const key = direct.map(({ name }) => name).join('\n')
    let groups = this.strong.get(key)
    if (groups === undefined) {
      groups = [...new Set(direct.flatMap((group) => [group, ...group.ancestors()]))].sort(byStrength)
      this.strong.set(key, groups)
    }
    return groups
  }
}
