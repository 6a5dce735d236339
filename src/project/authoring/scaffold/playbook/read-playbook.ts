import { posix } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { folderOf, joined } from '../../../../change/roster/ansible/file-text.ts'
import { isMap } from '../../../../change/roster/ansible/read-yaml.ts'
import type { RosterMap, RosterValue } from '../../../../change/roster/hosts/roster.ts'
import type { Place } from '../../../../model/error.ts'
import type { Tree } from '../../../../text/source/located.ts'
import { isName } from './jinja-text.ts'
import type { NotTaken, Play, PlayTask } from './play.ts'
import {
  bareName,
  droppedOf,
  isSavingHandler,
  isTaskKeyword,
  moduleArguments,
  placeOf,
  type ReadFile,
  readFile,
  roleParameters,
  yamlIn,
} from './task-lines.ts'

const SAME = /^\{\{\s*(\w+)\s*\}\}$/

function givenNames(vars: RosterMap) {
  return Object.entries(vars).flatMap(([name, value]) => (isItself(name, value) ? [name] : []))
}

function withoutGiven(vars: RosterMap): RosterMap {
  return Object.fromEntries(Object.entries(vars).filter(([name, value]) => !isItself(name, value)))
}

function isItself(name: string, value: RosterValue) {
  return typeof value === 'string' && SAME.exec(value)?.[1] === name
}

function promptedNames(prompts: RosterValue | undefined) {
  return (listOf(prompts) ?? []).flatMap((prompt) =>
    isMap(prompt) && typeof prompt.name === 'string' && isName(prompt.name) && prompt.private === false
      ? [prompt.name]
      : [],
  )
}

const MOST_FILES = 500

/** The plays of a playbook, or why it cannot be read; undefined where the file is none. */
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

class PlayReader {
  readonly #tree: Tree
  readonly #read: ReadFile
  readonly #entry: RosterMap
  readonly #at: Place
  readonly #tasks: PlayTask[] = []
  readonly #notTaken: NotTaken[] = []
  #files = 0
  #vars: RosterMap
  #roleVars: RosterMap = {}
  #defaults: RosterMap = {}
  readonly #unclear = new Map<string, string>()

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
      vars: connectionOf(mapOf(entry.vars)),
      folders: [folder],
      chain: [],
      dropped: droppedOf(entry),
      moduleDefaults: moduleDefaultsOf(entry),
    }
    if (entry.vars_files !== undefined)
      this.#leave(placeOf(this.#read, entry, 'vars_files'), 'vars_files', 'they are not read: use group_vars')
    this.#list(this.#read, entry.pre_tasks, around)
    for (const role of listOf(entry.roles ?? []) ?? [entry.roles ?? null])
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
      params: [...givenNames({ ...this.#vars, ...this.#roleVars }), ...promptedNames(entry.vars_prompt)],
      vars: withoutGiven({ ...this.#vars, ...this.#roleVars }),
      defaults: this.#defaults,
      tasks: this.#tasks,
      unclear: this.#unclear,
      notTaken: this.#notTaken,
    }
  }

  #leave(at: Place, what: string, why: string) {
    this.#notTaken.push({ at, what, why })
  }

  #list(read: ReadFile, given: RosterValue | undefined, around: Around) {
    if (given === undefined || given === null) return
    const list = listOf(given)
    if (list === undefined) this.#leave({ file: read.file, line: 1, column: 1 }, 'its tasks', 'they are no list')
    for (const [index, entry] of (list ?? []).entries()) {
      const at = placeOf(read, list ?? [], index)
      if (isMap(entry)) this.#task(read, entry, at, around)
      else this.#leave(at, 'a task', 'it is no mapping')
    }
  }

  #task(read: ReadFile, entry: RosterMap, at: Place, around: Around) {
    const own: Around = {
      ...around,
      when: [...around.when, ...whenOf(entry.when)],
      vars: { ...around.vars, ...mapOf(entry.vars) },
      dropped: [...around.dropped, ...droppedOf(entry)],
      moduleDefaults: { ...around.moduleDefaults, ...moduleDefaultsOf(entry) },
    }
    if (typeof entry.register === 'string')
      this.#unclear.set(entry.register, 'is no variable of a switch: it is a fact, a result, or given at the run')
    const name = typeof entry.name === 'string' ? entry.name : ''
    if (entry.block !== undefined) this.#block(read, entry, own)
    else this.#module(entry, { at, name }, own)
  }

  #block(read: ReadFile, entry: RosterMap, own: Around) {
    this.#list(read, entry.block, own)
    for (const key of ['rescue', 'always'])
      if (entry[key] !== undefined)
        this.#leave(placeOf(read, entry, key), key, 'a failed change is put back as a whole')
  }

  #module(entry: RosterMap, { at, name }: Pick<PlayTask, 'at' | 'name'>, own: Around) {
    const keys = Object.keys(entry).filter((key) => !isTaskKeyword(key))
    const [key] = keys
    if (key === undefined || keys.length > 1) {
      this.#leave(at, name === '' ? 'a task' : `"${name}"`, 'it names no module, or several')
      return
    }
    const module = bareName(key)
    const args = moduleArguments(entry[key] ?? null, {
      ...mapOf(own.moduleDefaults[module]),
      ...mapOf(entry.args),
    })
    if (args === undefined) {
      this.#leave(at, module, 'its arguments are no mapping')
      return
    }
    if (/^(?:import|include)(?:_tasks|_role)?$/.test(module) && loopOf(entry).loop !== undefined) {
      this.#leave(at, module, 'it is included for each item of a list: write the loop at its tasks')
      return
    }
    if (/^(?:import|include)_tasks$|^include$/.test(module)) {
      this.#included(at, module, args.file ?? args['*'], applied(args.apply, own))
      return
    }
    if (/^(?:import|include)_role$/.test(module)) {
      this.#role(args, at, applied(args.apply, own))
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

  #included(at: Place, module: string, named: RosterValue | undefined, around: Around) {
    if (typeof named !== 'string' || named.includes('{{')) {
      this.#leave(at, module, 'the name of its file is known only in a run')
      return
    }
    const found = [folderOf(at.file), ...around.folders]
      .map((folder) => readFile(this.#tree, joined(folder, named)))
      .find((read) => read !== undefined)
    this.#tasksOf(found, at, `${module} ${named}`, around)
  }

  #tasksOf(found: ReadFile | NotTaken | undefined, at: Place, what: string, around: Around) {
    if (found === undefined) this.#leave(at, what, 'there is no such file')
    else if ('at' in found) this.#notTaken.push(found)
    else this.#within(found, at, what, around, (own) => this.#list(found, found.yaml.value as RosterValue, own))
  }

  // Reads on in another file, unless files name each other without an end.
  #within({ file }: ReadFile, at: Place, what: string, around: Around, read: (own: Around) => void) {
    if (around.chain.includes(file)) this.#leave(at, what, 'it imports itself')
    else if (this.#files >= MOST_FILES) this.#leave(at, what, `more than ${MOST_FILES} files are imported`)
    else {
      this.#files += 1
      read({ ...around, chain: [...around.chain, file] })
    }
  }

  #role(role: RosterValue, at: Place, around: Around) {
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
    this.#needed(`${folder}/meta/main`, at, around)
    const fileOf = (part: string) => `${folder}/${part}/${fromOf(given[`${part}_from`])}`
    this.#roleVars = this.#joined(this.#roleVars, this.#valuesOf(fileOf('vars')))
    this.#defaults = this.#joined(this.#defaults, this.#valuesOf(fileOf('defaults')))
    this.#tasksOf(yamlIn(this.#tree, fileOf('tasks')), at, `role ${name}`, {
      ...around,
      folders: [folder, ...around.folders],
    })
    const handlers = yamlIn(this.#tree, fileOf('handlers'))
    if (handlers !== undefined && !('at' in handlers)) this.#handlers(handlers, handlers.yaml.value as RosterValue)
  }

  #needed(path: string, at: Place, around: Around) {
    const meta = yamlIn(this.#tree, path)
    if (meta === undefined || 'at' in meta) return
    const list = listOf(mapOf(meta.yaml.value as RosterValue).dependencies) ?? []
    if (list.length === 0) return
    this.#within(meta, at, 'the roles that it needs', around, (own) => {
      for (const [index, role] of list.entries()) this.#role(role, placeOf(meta, list, index), listedRole(role, own))
    })
  }

  #valuesOf(path: string): RosterMap {
    const names = (this.#tree.folder(path) ?? []).map(({ name }) => name).filter((name) => /\.ya?ml$/.test(name))
    const values: RosterMap[] = []
    for (const read of [
      yamlIn(this.#tree, path),
      ...names.toSorted().map((name) => readFile(this.#tree, joined(path, name))),
    ]) {
      if (read === undefined) continue
      if ('at' in read) this.#notTaken.push(read)
      else values.push(mapOf(read.yaml.value as RosterValue))
    }
    return Object.assign({}, ...values)
  }

  #joined(before: RosterMap, values: RosterMap): RosterMap {
    for (const [name, value] of Object.entries(values))
      if (before[name] !== undefined && !isDeepStrictEqual(before[name], value))
        this.#unclear.set(name, 'has several values: roles of the play give it different ones')
    return { ...before, ...values }
  }

  #handlers(read: ReadFile, given: RosterValue | undefined) {
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

function isPlay(entry: RosterValue): entry is RosterMap {
  return isMap(entry) && entry.hosts !== undefined
}

function connectionOf({ ansible_host }: RosterMap): RosterMap {
  return ansible_host === undefined ? {} : { ansible_host }
}

function hostsOf(hosts: RosterValue | undefined) {
  return Array.isArray(hosts) ? hosts.map(String).join(':') : String(hosts)
}

function wavesOf(serial: RosterValue | undefined): Play['waves'] {
  return (listOf(serial) ?? (serial === undefined ? [] : [serial])).flatMap((part): (number | `${number}%`)[] => {
    const [, digits, percent] = /^(\d{1,4})(%?)$/.exec(String(part)) ?? []
    if (digits === undefined || Number(digits) === 0) return []
    return percent === '%' ? [`${Number(digits)}%`] : [Number(digits)]
  })
}

interface ImportedPlaybook {
  readonly path: string
  readonly notTaken?: NotTaken
}

export function importedPlaybooks(tree: Tree, file: string): readonly ImportedPlaybook[] {
  const read = mayBePlaybook(tree, file) ? readFile(tree, file) : undefined
  if (read === undefined || 'at' in read) return []
  const list = listOf(read.yaml.value) ?? []
  return list.flatMap((entry, index) => {
    const named = isMap(entry) ? keyOf(entry, 'import_playbook') : undefined
    if (!isMap(entry) || typeof named !== 'string') return []
    const path = posix.normalize(joined(folderOf(file), named))
    const others = Object.keys(entry).filter((key) => /^(?:when|vars)$/.test(key))
    const why =
      tree.file(path) === undefined
        ? 'there is no such file'
        : others.length > 0 && `its \`${others.join('`, `')}\` is not taken over`
    if (why === false) return [{ path }]
    return [{ path, notTaken: { at: placeOf(read, list, index), what: `import_playbook ${named}`, why } }]
  })
}

function mayBePlaybook(tree: Tree, file: string) {
  return /\bhosts\b|import_playbook/.test(Buffer.from(tree.file(file) ?? []).toString('latin1'))
}

function looksLikePlaybook(tree: Tree, file: string) {
  return /^\s*-?\s*hosts\s*:/m.test(Buffer.from(tree.file(file) ?? []).toString('latin1'))
}

interface Around {
  readonly when: readonly string[]
  readonly vars: RosterMap
  readonly folders: readonly string[]
  readonly chain: readonly string[]
  readonly dropped: readonly string[]
  readonly moduleDefaults: RosterMap
}

function listedRole(role: RosterValue, around: Around): Around {
  const given = mapOf(role)
  return {
    ...around,
    when: [...around.when, ...whenOf(given.when)],
    vars: { ...around.vars, ...mapOf(given.vars), ...roleParameters(given) },
    dropped: [...around.dropped, ...droppedOf(given)],
  }
}

function applied(apply: RosterValue | undefined, around: Around) {
  return apply === undefined ? around : listedRole(apply, around)
}

function moduleDefaultsOf(entry: RosterMap): RosterMap {
  return Object.fromEntries(Object.entries(mapOf(entry.module_defaults)).map(([key, given]) => [bareName(key), given]))
}

function fromOf(named: RosterValue | undefined) {
  return typeof named === 'string' ? named.replace(/\.ya?ml$/, '') : 'main'
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

function keyOf(entry: RosterMap, bare: string) {
  const key = Object.keys(entry).find((word) => bareName(word) === bare)
  return key === undefined ? undefined : entry[key]
}

// A list; undefined for anything else.
function listOf(value: unknown) {
  return Array.isArray(value) ? (value as readonly RosterValue[]) : undefined
}

// A mapping; an empty one for anything else.
function mapOf(value: RosterValue | undefined) {
  return value !== undefined && isMap(value) ? value : {}
}
