import type { Place } from '../../../model/problem.ts'
import { isMap } from '../../../roster/ansible/is-map.ts'
import { folderOf, joined } from '../../../roster/ansible/paths.ts'
import type { RosterMap, RosterValue } from '../../../roster/roster.ts'
import type { Tree } from '../../../source/tree.ts'
import type { NotTaken, Play, PlayTask } from './play.ts'
import { placeOf, type ReadFile, readFile, yamlIn } from './read-file.ts'
import { bareName, droppedOf, isTaskKeyword, moduleArguments, roleParameters } from './task-keywords.ts'
import { isSavingHandler } from './task-lines.ts'

/** So many files deep, a file may import another. */
const MOST_DEEP = 20

/** What holds for the tasks of a block, a role or an imported file. */
interface Around {
  readonly when: readonly string[]
  readonly vars: RosterMap
  readonly folders: readonly string[]
  readonly depth: number
  readonly dropped: readonly string[]
}

/** The plays of a playbook, or why it cannot be read; undefined where the file is none. Paths are from the project. */
export function readPlaybook(tree: Tree, file: string): { readonly plays: readonly Play[] } | NotTaken | undefined {
  if (!mayBePlaybook(tree, file)) return undefined
  const read = readFile(tree, file)
  if (read === undefined) return undefined
  if ('at' in read) return looksLikePlaybook(tree, file) ? read : undefined
  const list = listOf(read.yaml.value)
  if (list === undefined || !list.some(isPlay)) return undefined
  const plays = list.flatMap((entry, index) =>
    isPlay(entry) ? [new PlayReader(tree, read, entry, placeOf(read, list, index)).play()] : [],
  )
  return { plays }
}

/** A playbook that another one imports. */
export interface ImportedPlaybook {
  readonly path: string
  /** What of the import is in no plan. */
  readonly notTaken?: NotTaken
}

/** The playbooks that a playbook imports, from the project. */
export function importedPlaybooks(tree: Tree, file: string): readonly ImportedPlaybook[] {
  const read = mayBePlaybook(tree, file) ? readFile(tree, file) : undefined
  if (read === undefined || 'at' in read) return []
  const list = listOf(read.yaml.value) ?? []
  return list.flatMap((entry, index) => {
    const named = isMap(entry) ? keyOf(entry, 'import_playbook') : undefined
    if (!isMap(entry) || typeof named !== 'string') return []
    const path = joined(folderOf(file), named)
    const others = Object.keys(entry).filter((key) => /^(?:when|vars)$/.test(key))
    const why =
      tree.file(path) === undefined
        ? 'there is no such file'
        : others.length > 0 && `its \`${others.join('`, `')}\` is not taken over`
    if (why === false) return [{ path }]
    return [{ path, notTaken: { at: placeOf(read, list, index), what: `import_playbook ${named}`, why } }]
  })
}

/** Whether a file has the words of a playbook: most files of a project are none, and need not be read. */
function mayBePlaybook(tree: Tree, file: string): boolean {
  return /\bhosts\b|import_playbook/.test(Buffer.from(tree.file(file) ?? []).toString('latin1'))
}

function looksLikePlaybook(tree: Tree, file: string): boolean {
  return /^\s*-?\s*hosts\s*:/m.test(Buffer.from(tree.file(file) ?? []).toString('latin1'))
}

class PlayReader {
  readonly #tree: Tree
  readonly #read: ReadFile
  readonly #entry: RosterMap
  readonly #at: Place
  readonly #tasks: PlayTask[] = []
  readonly #notTaken: NotTaken[] = []
  #vars: RosterMap
  #defaults: RosterMap = {}

  constructor(tree: Tree, read: ReadFile, entry: RosterMap, at: Place) {
    this.#tree = tree
    this.#read = read
    this.#entry = entry
    this.#at = at
    this.#vars = mapOf(entry.vars)
  }

  play(): Play {
    const entry = this.#entry
    const folder = folderOf(this.#read.file)
    const around: Around = {
      when: whenOf(entry.when),
      vars: {},
      folders: [folder],
      depth: 0,
      dropped: droppedOf(entry),
    }
    if (entry.vars_files !== undefined)
      this.#leave(placeOf(this.#read, entry, 'vars_files'), 'vars_files', 'they are not read: use group_vars')
    this.#list(this.#read, entry.pre_tasks, around)
    for (const role of listOf(entry.roles) ?? [])
      this.#role(role, placeOf(this.#read, entry, 'roles'), listedRole(role, around))
    this.#list(this.#read, entry.tasks, around)
    this.#list(this.#read, entry.post_tasks, around)
    this.#handlers(this.#read, entry.handlers)
    return {
      name: typeof entry.name === 'string' ? entry.name : '',
      at: this.#at,
      folder,
      hosts: hostsOf(entry.hosts),
      waves: wavesOf(entry.serial),
      params: [...givenNames(this.#vars), ...promptedNames(entry.vars_prompt)],
      vars: withoutGiven(this.#vars),
      defaults: this.#defaults,
      tasks: this.#tasks,
      notTaken: this.#notTaken,
    }
  }

  #leave(at: Place, what: string, why: string): void {
    this.#notTaken.push({ at, what, why })
  }

  #list(read: ReadFile, given: RosterValue | undefined, around: Around): void {
    const list = listOf(given)
    if (list === undefined) return
    for (const [index, entry] of list.entries()) {
      const at = placeOf(read, list, index)
      if (isMap(entry)) this.#task(read, entry, at, around)
      else this.#leave(at, 'a task', 'it is no mapping')
    }
  }

  #task(read: ReadFile, entry: RosterMap, at: Place, around: Around): void {
    const own: Around = {
      ...around,
      when: [...around.when, ...whenOf(entry.when)],
      vars: { ...around.vars, ...mapOf(entry.vars) },
      dropped: [...around.dropped, ...droppedOf(entry)],
    }
    const name = typeof entry.name === 'string' ? entry.name : ''
    if (entry.block !== undefined) this.#block(read, entry, own)
    else this.#module(entry, { at, name }, own)
  }

  #block(read: ReadFile, entry: RosterMap, own: Around): void {
    this.#list(read, entry.block, own)
    for (const key of ['rescue', 'always'])
      if (entry[key] !== undefined)
        this.#leave(placeOf(read, entry, key), key, 'a failed change is put back as a whole')
  }

  #module(entry: RosterMap, { at, name }: Pick<PlayTask, 'at' | 'name'>, own: Around): void {
    const keys = Object.keys(entry).filter((key) => !isTaskKeyword(key))
    const [key] = keys
    if (key === undefined || keys.length > 1) {
      this.#leave(at, name === '' ? 'a task' : `"${name}"`, 'it names no module, or several')
      return
    }
    const module = bareName(key)
    const args = moduleArguments(entry[key] ?? null, mapOf(entry.args))
    if (args === undefined) {
      this.#leave(at, module, 'its arguments are no mapping')
      return
    }
    if (/^(?:import|include)(?:_tasks|_role)?$/.test(module) && loopOf(entry).loop !== undefined) {
      this.#leave(at, module, 'it is included for each item of a list: write the loop at its tasks')
      return
    }
    if (/^(?:import|include)_tasks$|^include$/.test(module)) {
      this.#included(at, module, args.file ?? args['*'], own)
      return
    }
    if (/^(?:import|include)_role$/.test(module)) {
      this.#role(args, at, own)
      return
    }
    this.#tasks.push({
      name,
      module,
      args,
      at,
      when: own.when,
      ...loopOf(entry),
      vars: own.vars,
      folders: own.folders,
      dropped: own.dropped,
    })
  }

  #included(at: Place, module: string, named: RosterValue | undefined, around: Around): void {
    if (typeof named !== 'string' || named.includes('{{')) {
      this.#leave(at, module, 'the name of its file is known only in a run')
      return
    }
    const found = [folderOf(at.file), ...around.folders]
      .map((folder) => readFile(this.#tree, joined(folder, named)))
      .find((read) => read !== undefined)
    this.#tasksOf(found, at, `${module} ${named}`, around)
  }

  /** The tasks of another file; `found` is undefined where there is none, and a fault where it cannot be read. */
  #tasksOf(found: ReadFile | NotTaken | undefined, at: Place, what: string, around: Around): void {
    if (found === undefined) this.#leave(at, what, 'there is no such file')
    else if ('at' in found) this.#notTaken.push(found)
    else if (around.depth >= MOST_DEEP) this.#leave(at, what, 'files import each other without an end')
    else this.#list(found, found.yaml.value as RosterValue, { ...around, depth: around.depth + 1 })
  }

  #role(role: RosterValue, at: Place, around: Around): void {
    const given = isMap(role) ? role : {}
    const name = typeof role === 'string' ? role : (given.role ?? given.name)
    if (typeof name !== 'string' || name.includes('{{')) {
      this.#leave(at, 'a role', 'its name is known only in a run')
      return
    }
    const places = [joined(folderOf(this.#read.file), `roles/${name}`), `roles/${name}`]
    const folder = places.find((path) => this.#tree.folder(path) !== undefined)
    if (folder === undefined) {
      this.#leave(at, `role ${name}`, 'its folder is not in roles/')
      return
    }
    this.#needed(`${folder}/meta/main`, around)
    const fileOf = (part: string): string => `${folder}/${part}/${fromOf(given[`${part}_from`])}`
    this.#vars = { ...this.#vars, ...mapOf(this.#valueOf(fileOf('vars'))) }
    this.#defaults = { ...this.#defaults, ...mapOf(this.#valueOf(fileOf('defaults'))) }
    this.#tasksOf(yamlIn(this.#tree, fileOf('tasks')), at, `role ${name}`, {
      ...around,
      folders: [folder, ...around.folders],
    })
    const handlers = yamlIn(this.#tree, fileOf('handlers'))
    if (handlers !== undefined && !('at' in handlers)) this.#handlers(handlers, handlers.yaml.value as RosterValue)
  }

  /** The roles that a role depends on come before it. */
  #needed(path: string, around: Around): void {
    const read = yamlIn(this.#tree, path)
    if (read === undefined || 'at' in read || around.depth >= MOST_DEEP) return
    const list = listOf(mapOf(read.yaml.value as RosterValue).dependencies) ?? []
    for (const [index, role] of list.entries())
      this.#role(role, placeOf(read, list, index), { ...listedRole(role, around), depth: around.depth + 1 })
  }

  #valueOf(path: string): RosterValue | undefined {
    const read = yamlIn(this.#tree, path)
    if (read === undefined) return undefined
    if (!('at' in read)) return read.yaml.value as RosterValue
    this.#notTaken.push(read)
    return undefined
  }

  /** A handler that saves is what every confirmed change does by itself; no other is run. */
  #handlers(read: ReadFile, given: RosterValue | undefined): void {
    const list = listOf(given) ?? []
    for (const [index, entry] of list.entries()) {
      const what = isMap(entry) ? `handler "${String(entry.name)}"` : 'a handler'
      const at = placeOf(read, list, index)
      if (isMap(entry) && isSavingHandler(entry))
        this.#notTaken.push({ at, what, why: 'a confirmed change is saved', isIdle: true })
      else this.#leave(at, what, 'it is not run')
    }
  }
}

/** What holds for a role that a list names: it may be a mapping with parameters. */
function listedRole(role: RosterValue, around: Around): Around {
  const given = mapOf(role)
  return {
    ...around,
    when: [...around.when, ...whenOf(given.when)],
    vars: { ...around.vars, ...mapOf(given.vars), ...roleParameters(given) },
    dropped: [...around.dropped, ...droppedOf(given)],
  }
}

/** The file of a role that is named without its ending. */
function fromOf(named: RosterValue | undefined): string {
  return typeof named === 'string' ? named.replace(/\.ya?ml$/, '') : 'main'
}

function isPlay(entry: RosterValue): entry is RosterMap {
  return isMap(entry) && entry.hosts !== undefined
}

function hostsOf(hosts: RosterValue | undefined): string {
  return Array.isArray(hosts) ? hosts.map(String).join(':') : String(hosts)
}

function wavesOf(serial: RosterValue | undefined): Play['waves'] {
  return (listOf(serial) ?? (serial === undefined ? [] : [serial])).flatMap((part): (number | `${number}%`)[] => {
    const [, digits, percent] = /^(\d{1,4})(%?)$/.exec(String(part)) ?? []
    if (digits === undefined || Number(digits) === 0) return []
    return percent === '%' ? [`${Number(digits)}%`] : [Number(digits)]
  })
}

const SAME = /^\{\{\s*(\w+)\s*\}\}$/

/** Values that name themselves are given to a run: `vlan: "{{ vlan }}"`. */
function givenNames(vars: RosterMap): readonly string[] {
  return Object.entries(vars).flatMap(([name, value]) => (isItself(name, value) ? [name] : []))
}

function withoutGiven(vars: RosterMap): RosterMap {
  return Object.fromEntries(Object.entries(vars).filter(([name, value]) => !isItself(name, value)))
}

function isItself(name: string, value: RosterValue): boolean {
  return typeof value === 'string' && SAME.exec(value)?.[1] === name
}

/** What a play asks for; what is typed unseen is a secret, which no parameter is. */
function promptedNames(prompts: RosterValue | undefined): readonly string[] {
  return (listOf(prompts) ?? []).flatMap((prompt) =>
    isMap(prompt) && typeof prompt.name === 'string' && prompt.private === false ? [prompt.name] : [],
  )
}

function whenOf(when: RosterValue | undefined): readonly string[] {
  if (when === undefined || when === null || when === true) return []
  return (listOf(when) ?? [when]).map(String)
}

function loopOf(entry: RosterMap): Pick<PlayTask, 'loop'> {
  const items = entry.loop ?? entry.with_items ?? entry.with_list
  if (items === undefined) return {}
  const control = mapOf(entry.loop_control)
  const variable = typeof control.loop_var === 'string' ? control.loop_var : 'item'
  return { loop: { items, variable, isFlat: entry.loop === undefined && entry.with_items !== undefined } }
}

function keyOf(entry: RosterMap, bare: string): RosterValue | undefined {
  const key = Object.keys(entry).find((word) => bareName(word) === bare)
  return key === undefined ? undefined : entry[key]
}

function listOf(value: unknown): readonly RosterValue[] | undefined {
  return Array.isArray(value) ? (value as readonly RosterValue[]) : undefined
}

function mapOf(value: RosterValue | undefined): RosterMap {
  return value !== undefined && isMap(value) ? value : {}
}
