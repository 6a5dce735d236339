// Moves files of the checkout by a table, and rewrites each text that names one: `build/move.mjs` is the command, `.ci/frozen.mjs` asks the same rules
// whether a golden differs by more than a path.
import { posix } from 'node:path'

const { basename, dirname, join, normalize, relative } = posix

/** Where a path of a table begins; one that begins elsewhere is below `src`. */
const TOP = /^(?:src|test|bench|simulate|build|docs|fixtures|workflows|\.ci)\//

/** The rows of a table: `old path<TAB>new path`, files or folders, `#` begins a comment. Throws for a row that is none, or an old path that is named twice. */
export function readTable(text) {
  const rows = new Map()
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const cells = line.split('\t')
    if (cells.length !== 2) throw new Error(`line ${index + 1} is not \`old path<TAB>new path\`: ${line}`)
    const [from, to] = cells.map((cell) => (TOP.test(cell) ? cell : `src/${cell}`).trim().replace(/\/$/, ''))
    if (rows.has(from) && rows.get(from) !== to) throw new Error(`line ${index + 1} moves ${from} to ${to}, a line before it to ${rows.get(from)}`)
    rows.set(from, to)
  }
  return rows
}

/** The new path of a path: the longest row that it begins with says which. */
function movedBy(rows, path) {
  const parts = path.split('/')
  for (let length = parts.length; length > 0; length -= 1) {
    const to = rows.get(parts.slice(0, length).join('/'))
    if (to !== undefined) return [to, ...parts.slice(length)].join('/')
  }
  return path
}

/** A relative path in quotes, or in a template up to its first `${`. */
const RELATIVE = /(['"`])(\.{1,2}(?:\/[\w.@+-]*)*)(\1|(?=\$\{))/g
/** A file next to this one, which is named without `./`. */
const BESIDE = /(\bnew URL\(\s*|\bimport\.meta\.dirname,\s*)(['"])([\w][\w./-]*)\2/g
/** A path from the root of the checkout. */
const FROM_ROOT = /(?<![\w@-])((?:src|dist|test|bench|simulate|build|docs)\/\w[\w./-]*\w)/g
/** A path from `src`, of a source or of what is built of it; in a test, from `test` too: `room/file.ts`. */
const FROM_TOP = /(?<![\w./@-])((?:[\w-]+\/)+[\w.-]+\.[jt]s)(?![\w/-])/g
/** A link of a page. */
const LINK = /(\]\()([\w.][\w./-]*)((?:#[^)\s]*)?\))/g

const isCode = (path) => /\.(?:ts|mjs|cjs|js)$/.test(path) || (path.endsWith('.json') && path.startsWith('src/'))

/** What the rows of a table do to the files of a checkout. `files`: their paths from its root. */
export class Moves {
  #rows
  /** The new path of each file. */
  #moved
  /** The new paths of the files below each folder. */
  #below = new Map()

  constructor(rows, files) {
    this.#rows = rows
    this.#moved = new Map(files.map((file) => [file, movedBy(rows, file)]))
    for (const [from, to] of this.#moved)
      for (let folder = dirname(from); folder !== '.'; folder = dirname(folder)) {
        if (!this.#below.has(folder)) this.#below.set(folder, [])
        this.#below.get(folder).push(to)
      }
  }

  /** The files that move, with their new paths. */
  get moving() {
    return [...this.#moved].filter(([from, to]) => from !== to)
  }

  /** Why this table cannot be carried out: places that two files want, rows that name nothing, and paths that would move again. */
  get refusals() {
    const wanted = new Map()
    for (const [from, to] of this.#moved) wanted.set(to, [...(wanted.get(to) ?? []), from])
    const places = new Set(wanted.keys())
    const folders = new Set([...places].flatMap((place) => foldersOf(place)))
    return [
      ...[...wanted].filter(([, all]) => all.length > 1).map(([to, all]) => `${to} is wanted by ${all.join(' and ')}`),
      ...[...places].filter((place) => folders.has(place)).map((place) => `${place} would be a file and a folder`),
      ...[...this.#rows].filter(([from, to]) => !this.#isThere(from) && !this.#isThere(to)).map(([from, to]) => `neither ${from} nor ${to} is there`),
      ...this.moving.filter(([, to]) => movedBy(this.#rows, to) !== to).map(([from, to]) => `${from} moves to ${to}, which the table moves on`),
    ]
  }

  #isThere(path) {
    return this.#moved.has(path) || this.#below.has(path)
  }

  /** The new path of a file or folder, or of what the build makes of one; undefined for what is not there. */
  target(path) {
    const clean = path.replace(/\/$/, '')
    if (this.#moved.has(clean)) return this.#moved.get(clean)
    if (this.#below.has(clean)) return this.#folder(clean)
    if (clean.startsWith('dist/')) {
      const source = this.target(`src/${clean.slice(5)}`)
      return source?.startsWith('src/') ? `dist/${source.slice(4)}` : undefined
    }
    const [, stem, extension] = /^(.*)\.(d\.ts|js|mjs|cjs|js\.map)$/.exec(clean) ?? []
    return this.#moved.get(`${stem}.ts`)?.replace(/\.ts$/, `.${extension}`)
  }

  /** Where a folder goes: by the table, or with all of its files; one whose files part stays where one of them does. */
  #folder(path) {
    const named = movedBy(this.#rows, path)
    const below = this.#below.get(path)
    if (named !== path || below.some((file) => file.startsWith(`${path}/`))) return named
    return below.map(dirname).reduce(common)
  }

  /** Whether the files of a folder part, so that no one path is its new one. */
  isParted(path) {
    const to = this.#folder(path)
    return this.#below.get(path).some((file) => !file.startsWith(`${to}/`))
  }

  /** A text of a file as it is at its new place. `path`: of the file, before. */
  rewrite(path, text) {
    const from = this.#moved.get(path) ?? path
    const near = (old, given) => {
      const place = normalize(join(dirname(path), old)).replace(/(?<=.)\/$/, '')
      const to = place.startsWith('..') ? undefined : place === '.' ? '.' : this.target(place)
      return to === undefined || to === place && from === path ? undefined : relativeTo(from, to, given)
    }
    let moved = text
    if (isCode(path)) {
      moved = moved.replace(RELATIVE, (all, quote, old, end, offset) =>
        isPath(old, end, text.slice(Math.max(0, offset - 100), offset)) ? quote + (near(old, old) ?? old) + end : all,
      )
      moved = moved.replace(BESIDE, (all, before, quote, old) => {
        const to = near(old, old)
        return to === undefined ? all : before + quote + to + quote
      })
    }
    if (path.endsWith('.md'))
      moved = moved.replace(LINK, (all, before, old, end) => {
        const to = near(old, old)
        return to === undefined ? all : before + to + end
      })
    return moved.replace(FROM_ROOT, (old) => this.#fromRoot(old)).replace(FROM_TOP, (old) => this.#fromTop(old, path.startsWith('test/')))
  }

  #fromRoot(old) {
    const to = this.target(old)
    if (to !== undefined) return to
    // A glob, or what the build writes next to a file.
    const folder = old.split('/').length > 2 ? this.target(dirname(old)) : undefined
    return folder === undefined ? old : `${folder}/${basename(old)}`
  }

  #fromTop(old, inTest) {
    for (const top of inTest ? ['src', 'test'] : ['src']) {
      const to = this.target(`${top}/${old}`)
      if (to !== undefined) return to.startsWith(`${top}/`) ? to.slice(top.length + 1) : old
    }
    return old
  }
}

/**
 * Whether a text in quotes is a path from its file. One that is joined to another folder is not; dots alone are one only if they are resolved:
 * `startsWith('../')` is about a text, and so is `./${name}` of a command that is shown.
 */
function isPath(old, end, before) {
  if (/\b(?:join|resolve)\((?:(?!import\.meta)[^()\n]*,\s*)?$/.test(before)) return false
  if (end === '' && !old.endsWith('/')) return false
  return /\w/.test(old) || /\b(?:new URL\(|import\.meta\.dirname,)\s*$/.test(before)
}

/** `to` as it is named from the folder of `from`, in the form that was used: with `./`, with a slash at its end. */
function relativeTo(from, to, form) {
  let path = relative(dirname(from), to)
  if (path === '') path = form.endsWith('/') ? './' : '.'
  else if (form.startsWith('.') && !path.startsWith('.')) path = `./${path}`
  if (form.endsWith('/') && !path.endsWith('/')) path += '/'
  return normalize(path) === normalize(form) ? form : path
}

const foldersOf = (path) => {
  const folders = []
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.push(folder)
  return folders
}

function common(a, b) {
  const [parts, others] = [a.split('/'), b.split('/')]
  let length = 0
  while (length < parts.length && parts[length] === others[length]) length += 1
  return parts.slice(0, length).join('/')
}
