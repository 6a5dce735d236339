import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Memory, RememberedHead } from '../../../change/record/postgres/lost-tail.ts'
import { EosflowError, messageOf } from '../../../model/error.ts'
import { readRegularText } from './regular-file.ts'

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants

const FORMAT = 'eosflow-seen 1'

const HEAD = /^(\S+) (\d{1,15}) ([0-9a-f]{64}) (\d{1,15}) ([0-9a-f]{64}|-)$/

const OVER = /^(\S+) over$/

// A file that was open for longer than this without a word, in milliseconds, is of a process that was killed.
const FORGOTTEN = 24 * 3600 * 1000

// So many files are read at once; where there are more they are made one.
const FILES = 8

// A file that has grown beyond this, in bytes, is written anew with what is in force.
const LARGE = 256 * 1024

export interface SeenRecords extends Memory {
  readonly fault: string | undefined
}

/** What this machine remembers of a store, in the folder `seen`: each process has a file of its own that it alone appends to, so that no process waits for another. A line is `CHAIN N HASH POSITION RESTORATION`, or `CHAIN over`. */
export function openSeenRecords(folder: string, origin: string, own: string): SeenRecords {
  return new SeenFiles(join(folder, 'seen'), origin, own)
}

// Opened to be added to, never through a symbolic link.
function appended(path: string) {
  return openSync(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600)
}

type Heads = Map<string, readonly RememberedHead[]>

class SeenFiles implements SeenRecords {
  readonly #folder: string
  readonly #origin: string
  readonly #prefix: string
  readonly #own: string
  readonly #heads: Heads = new Map()
  #file: number | undefined
  #size = 0
  #read: readonly string[] = []
  fault: string | undefined

  constructor(folder: string, origin: string, own: string) {
    this.#folder = folder
    this.#origin = origin
    this.#prefix = `${origin.replace(/^.*\//, '')}-`
    this.#own = join(folder, `${this.#prefix}${own}`)
  }

  read(): readonly RememberedHead[] {
    const found: Heads = new Map()
    this.#read = this.#files()
    for (const file of this.#read) for (const line of linesIn(join(this.#folder, file), this.#origin)) take(found, line)
    return [...found.values()].flat()
  }

  #files(): readonly string[] {
    try {
      return readdirSync(this.#folder).filter((file) => file.startsWith(this.#prefix) && /\.(open|done)$/.test(file))
    } catch {
      return []
    }
  }

  remember(heads: readonly RememberedHead[], over: readonly string[]): void {
    const lines = [...heads.map(lineOf), ...over.map((chain) => `${chain} over`)]
    for (const line of lines) take(this.#heads, line)
    this.#try(() => {
      const file = this.#opened()
      this.#size += writeSync(file, `${lines.join('\n')}\n`)
      if (this.#size > LARGE) this.#anew()
    })
  }

  #opened(): number {
    if (this.#file !== undefined && fstatSync(this.#file).nlink > 0) return this.#file
    if (this.#file === undefined && this.#heads.size === 0) return this.#begun()
    return this.#anew()
  }

  #begun(): number {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    this.#file = appended(`${this.#own}.open`)
    this.#size = writeSync(this.#file, `${FORMAT} ${this.#origin}\n`)
    return this.#file
  }

  #anew(): number {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
    const lines = [...this.#heads.values()].flat().map(lineOf)
    rmSync(`${this.#own}.new`, { force: true })
    writeFileSync(`${this.#own}.new`, `${[`${FORMAT} ${this.#origin}`, ...lines].join('\n')}\n`, {
      flag: 'wx',
      mode: 0o600,
    })
    renameSync(`${this.#own}.new`, `${this.#own}.open`)
    this.#file = appended(`${this.#own}.open`)
    this.#size = fstatSync(this.#file).size
    return this.#file
  }

  settle(heads: readonly RememberedHead[]): void {
    const old = this.#read.filter((file) => file.endsWith('.done') || this.#isForgotten(file))
    if (old.length < FILES) return
    for (const head of heads) take(this.#heads, lineOf(head))
    this.#try(() => {
      this.#anew()
      for (const file of old) rmSync(join(this.#folder, file), { force: true })
    })
  }

  #isForgotten(file: string): boolean {
    const written = statSync(join(this.#folder, file), { throwIfNoEntry: false })?.mtimeMs
    return written !== undefined && Date.now() - written > FORGOTTEN && !file.startsWith(this.#own)
  }

  close(): void {
    const file = this.#file
    if (file === undefined) return
    this.#file = undefined
    this.#try(() => {
      closeSync(file)
      renameSync(`${this.#own}.open`, `${this.#own}.done`)
    })
  }

  #try(act: () => void): void {
    try {
      act()
      this.fault = undefined
    } catch (error) {
      this.fault = messageOf(error)
    }
  }
}

const lineOf = ({ chain, n, hash, pos, restored }: RememberedHead) =>
  `${chain} ${n} ${hash} ${pos} ${restored === '' ? '-' : restored}`

function take(heads: Heads, line: string) {
  const over = OVER.exec(line)?.[1]
  if (over !== undefined) {
    for (const key of heads.keys()) if (key.startsWith(`${over} `)) heads.delete(key)
    return
  }
  const [, chain = '', n, hash = '', pos, restored] = HEAD.exec(line) ?? []
  if (n === undefined) return
  const head = { chain, n: Number(n), hash, pos: Number(pos), restored: restored === '-' ? '' : (restored ?? '') }
  const key = `${chain} ${head.restored}`
  const known = heads.get(key) ?? []
  const newest = known[0]?.n ?? 0
  if (head.n > newest) heads.set(key, [head])
  else if (head.n === newest && !known.some((one) => one.hash === hash)) heads.set(key, [...known, head])
}

function linesIn(path: string, origin: string) {
  let text: string
  try {
    text = readRegularText(path)
  } catch {
    // Another process has made it one with its own.
    return []
  }
  const [first = '', ...lines] = text.split('\n')
  if (first === `${FORMAT} ${origin}`) return lines
  if (!first.startsWith('eosflow-seen ')) return []
  throw new EosflowError('store', `${path} was written by another version of eosflow`, {
    hint: 'Use that version, or take the file away: this machine then remembers less of the store.',
  })
}
