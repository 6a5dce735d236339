import { posix } from 'node:path'
import type { Place } from '../../../model/problem.ts'
import { isMap } from '../../../roster/ansible/is-map.ts'
import { folderOf, joined } from '../../../roster/ansible/paths.ts'
import type { RosterMap, RosterValue } from '../../../roster/roster.ts'
import type { Tree } from '../../../source/tree.ts'
import type { NotTaken, Play, PlayTask } from './play.ts'
import { placeOf, type ReadFile, readFile, yamlIn } from './read-file.ts'
import { bareName, isTaskKeyword, moduleArguments, SILENT_KEYWORDS } from './task-keywords.ts'

/** How many files of tasks a play may take in. */
const MOST_FILES = 500

/** What holds for the tasks of a block, a role or an imported file. */
interface Around {
  readonly when: readonly string[]
  readonly vars: RosterMap
  readonly folders: readonly string[]
  /** The files that import each other down to here. */
  readonly chain: readonly string[]
}

/** The plays of a playbook, or why it cannot be read; undefined where the file is none. Paths are from the project. */
export function readPlaybook(tree: Tree, file: string): { readonly plays: readonly Play[] } | NotTaken | undefined {
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

/** The playbooks that a playbook imports, from the project. */
export function importedPlaybooks(tree: Tree, file: string): readonly string[] {
  const read = readFile(tree, file)
  if (read === undefined || 'at' in read) return []
  return (listOf(read.yaml.value) ?? []).flatMap((entry) => {
    const named = isMap(entry) ? keyOf(entry, 'import_playbook') : undefined
    return typeof named === 'string' ? [posix.normalize(joined(folderOf(file), named))] : []
  })
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
  #files = 0
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
    const around: Around = { when: whenOf(entry.when), vars: {}, folders: [folder], chain: [] }
    if (entry.vars_files !== undefined)
      this.#leave(placeOf(this.#read, entry, 'vars_files'), 'vars_files', 'they are not read: use group_vars')
    this.#list(this.#read, entry.pre_tasks, around)
    for (const role of listOf(entry.roles) ?? []) this.#role(role, placeOf(this.#read, entry, 'roles'), around)
    this.#list(this.#read, entry.tasks, around)
    this.#list(this.#read, entry.post_tasks, around)
    this.#handlers(entry.handlers)
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
      dropped: Object.keys(entry).filter((word) => isTaskKeyword(word) && !SILENT_KEYWORDS.has(word)),
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
    else if (around.chain.includes(found.file)) this.#leave(at, what, 'it imports itself')
    else if (this.#files >= MOST_FILES) this.#leave(at, what, `more than ${MOST_FILES} files are imported`)
    else {
      this.#files += 1
      this.#list(found, found.yaml.value as RosterValue, { ...around, chain: [...around.chain, found.file] })
    }
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
    this.#vars = { ...this.#vars, ...this.#varsOf(`${folder}/vars`) }
    this.#defaults = { ...this.#defaults, ...this.#varsOf(`${folder}/defaults`) }
    const from = typeof given.tasks_from === 'string' ? given.tasks_from.replace(/\.ya?ml$/, '') : 'main'
    this.#tasksOf(yamlIn(this.#tree, `${folder}/tasks/${from}`), at, `role ${name}`, {
      ...around,
      when: [...around.when, ...whenOf(given.when)],
      vars: { ...around.vars, ...mapOf(given.vars) },
      folders: [folder, ...around.folders],
    })
  }

  #varsOf(folder: string): RosterMap {
    const read = yamlIn(this.#tree, `${folder}/main`)
    if (read === undefined) return {}
    if (!('at' in read)) return mapOf(read.yaml.value as RosterValue)
    this.#notTaken.push(read)
    return {}
  }

  /** A handler that saves is what every confirmed change does by itself; any other is named. */
  #handlers(given: RosterValue | undefined): void {
    const list = listOf(given)
    for (const [index, entry] of (list ?? []).entries()) {
      if (!isMap(entry) || /write mem|copy running|save_when|eos_config/.test(JSON.stringify(entry))) continue
      this.#leave(placeOf(this.#read, list ?? [], index), `handler "${String(entry.name)}"`, 'it is not run')
    }
  }
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

const NAME = /^[A-Za-z_]\w*$/

/** What a play asks for; what is typed unseen is a secret, which no parameter is. */
function promptedNames(prompts: RosterValue | undefined): readonly string[] {
  return (listOf(prompts) ?? []).flatMap((prompt) =>
    isMap(prompt) && typeof prompt.name === 'string' && NAME.test(prompt.name) && prompt.private === false
      ? [prompt.name]
      : [],
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
  return { loop: { items, variable: typeof control.loop_var === 'string' ? control.loop_var : 'item' } }
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
