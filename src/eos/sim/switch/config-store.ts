import { once } from '../../../model/once.ts'
import { cleanConfig } from '../../config/merge.ts'
import { type ConfigTree, childLines, foundIn, restOf } from '../../config/text/tree.ts'
import { booted, brokenRules, ConfigMode, type ConfigModeOptions } from './config-mode.ts'
import { type ConfigFrame, ownSyntax, readFramed } from './line-syntax.ts'
import { hostnameOf, type PrintingSwitch } from './running-config.ts'
import type { SwitchOptions } from './switch-options.ts'

interface Checkpoint {
  readonly name: string
  readonly tree: ConfigTree
  // Milliseconds since the epoch.
  readonly savedAt: number
  readonly user: string
}

// The checkpoints of a switch: at most `limit`, the oldest dropped first (docs/eos.md 2.3).
class CheckpointStore {
  readonly limit: number
  readonly #checkpoints = new Map<string, Checkpoint>()

  constructor(limit: number) {
    this.limit = limit
  }

  get(name: string) {
    return this.#checkpoints.get(name)
  }

  all() {
    return [...this.#checkpoints.values()]
  }

  save(checkpoint: Checkpoint) {
    this.#checkpoints.delete(checkpoint.name)
    this.#checkpoints.set(checkpoint.name, checkpoint)
    for (const name of this.#checkpoints.keys()) {
      if (this.#checkpoints.size <= this.limit) return
      this.#checkpoints.delete(name)
    }
  }

  delete(name: string) {
    return this.#checkpoints.delete(name)
  }

  automaticName(now: number) {
    const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '')
    const taken = this.all().flatMap(({ name }) => {
      const number = new RegExp(`^ckp-${day}-(\\d+)$`).exec(name)?.[1]
      return number === undefined ? [] : [Number(number)]
    })
    return `ckp-${day}-${Math.max(-1, ...taken) + 1}`
  }
}

// What the configuration says about config sessions (docs/eos.md 2.1 and 2.6).
interface SessionKnobs {
  readonly maxPending: number
  readonly maxCompleted: number
  readonly mergeOnCommit: boolean
  readonly saveToStartup: boolean
}

interface BootConfig {
  // The image of the next boot: `flash:/EOS.swi`.
  system: string | undefined
  secret: string | undefined
}

export class ConfigStore {
  readonly checkpoints: CheckpointStore
  readonly files = new Map<string, ConfigTree>()
  /** The file boot-config: what the next boot loads, and the password of Aboot. */
  readonly boot: BootConfig
  readonly modeOptions: ConfigModeOptions
  readonly #options: SwitchOptions
  readonly #frame: ConfigFrame
  #running: ConfigTree
  #startup: ConfigTree | undefined
  #savedAt: number
  #version = 0
  readonly #numbers = new WeakMap<ConfigTree, number>()
  #numbered = 0
  readonly #changed: () => void

  /** `salt` gives sixteen random bytes in hex; `changed` is called when another configuration runs. */
  constructor(options: SwitchOptions, salt: () => string, now: number, changed: () => void) {
    this.#changed = changed
    const boot = readFramed(options.config)
    const { facts, verbatim, unknownLines, vouched } = options
    this.#options = options
    this.#frame = boot.frame
    this.boot = bootConfig(boot.frame, boot.tree)
    this.modeOptions = {
      facts,
      verbatim,
      unknownLines,
      vouched,
      salt,
      broken: once(() => brokenRules(readFramed(options.config).tree)),
      printed: () => this.#running,
      own: once(() => ownSyntax(options.config)),
    }
    this.checkpoints = new CheckpointStore(options.behaviour.maxCheckpoints)
    this.#running = booted(boot, this.modeOptions)
    this.#startup =
      options.startup === undefined ? this.#running : booted(readFramed(options.startup), this.modeOptions)
    this.#savedAt = now
  }

  get running(): ConfigTree {
    return this.#running
  }

  get startup(): ConfigTree {
    return this.#startup ?? NOTHING
  }

  get hasStartup(): boolean {
    return this.#startup !== undefined
  }

  eraseStartup(): void {
    this.#startup = undefined
  }

  /** Milliseconds since the epoch at which startup-config was last written. */
  get savedAt(): number {
    return this.#savedAt
  }

  get version(): number {
    return this.#version
  }

  get hostname(): string {
    return hostnameOf(this.#running)
  }

  get knobs(): SessionKnobs {
    return sessionKnobs(this.#running)
  }

  get printedBy(): PrintingSwitch {
    const { facts, verbatim } = this.#options
    const isLine = this.#running.children.some(({ line }) => line.startsWith('boot system '))
    return {
      facts,
      verbatim,
      hostname: this.hostname,
      frame: this.#frame,
      image: isLine ? undefined : this.boot.system,
    }
  }

  /** A text that is another whenever a configuration is another, or is printed otherwise. */
  printStamp(tree: ConfigTree): string {
    const number = this.#numbers.get(tree) ?? this.#numbered + 1
    this.#numbered = Math.max(this.#numbered, number)
    this.#numbers.set(tree, number)
    return `${number} ${this.hostname} ${this.printedBy.image}`
  }

  get clean(): ConfigTree {
    return cleanConfig(this.#running)
  }

  mode(tree: ConfigTree = this.#running, path: readonly string[] = []): ConfigMode {
    return new ConfigMode(tree, this.modeOptions, path)
  }

  run(tree: ConfigTree): void {
    if (tree === this.#running) return
    this.#running = tree
    this.#version += 1
    this.#changed()
  }

  type(lines: readonly string[]): void {
    const mode = this.mode()
    for (const cmd of lines) mode.type({ cmd })
    this.run(mode.finish())
  }

  save(now: number): void {
    this.#startup = this.#running
    this.#savedAt = now
  }

  rename(from: string, to: string): boolean {
    const tree = from === STARTUP_FILE ? this.#startup : this.files.get(from)
    if (tree === undefined) return false
    if (from === STARTUP_FILE) this.#startup = undefined
    else this.files.delete(from)
    if (to === STARTUP_FILE) this.#startup = tree
    else this.files.set(to, tree)
    return true
  }

  checkpoint(name: string | undefined, user: string, now: number, tree: ConfigTree = this.#running): void {
    this.checkpoints.save({ name: name ?? this.checkpoints.automaticName(now), tree, savedAt: now, user })
  }

  source(name: string): ConfigTree | undefined {
    if (name === 'running-config') return this.#running
    if (name === 'startup-config') return this.#startup
    if (name === 'clean-config') return this.clean
    const checkpoint = /^checkpoint:\/*(.+)$/.exec(name)?.[1]
    if (checkpoint !== undefined) return this.checkpoints.get(checkpoint)?.tree
    return this.files.get(name.replace(/^flash:\/*/, ''))
  }
}

const STARTUP_FILE = 'startup-config'

const NOTHING: ConfigTree = { children: [], tail: [] }

function bootConfig({ header }: ConfigFrame, tree: ConfigTree): BootConfig {
  const lines = [...header.map((row) => row.replace(/^! /, '')), ...childLines(tree)]
  const typed = (what: string) => restOf(lines, `boot ${what} `)
  return { system: typed('system'), secret: typed('secret') }
}

function sessionKnobs(tree: ConfigTree): SessionKnobs {
  const lines = foundIn(tree.children, /^service configuration session (.*)$/)
  const number = (words: string, fallback: number) => {
    const found = restOf(lines, words)
    return found === undefined || !/^\d+$/.test(found) ? fallback : Number(found)
  }
  return {
    maxPending: number('max pending ', 5),
    maxCompleted: number('max completed ', 1),
    mergeOnCommit: lines.includes('commit merge'),
    saveToStartup: lines.includes('commit save startup-config'),
  }
}
