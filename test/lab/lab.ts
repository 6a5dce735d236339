import type { Client } from '@modelcontextprotocol/client'
import { onTestFinished } from 'vitest'
import type { AgentOptions } from './agent.ts'
import { DC1 } from './checkout.ts'
import { type Ended, typeOn } from './exits.ts'
import { type Files, writeFiles } from './files.ts'
import { temporaryFolder } from './folder.ts'
import { inventoryOf, type TagsOf } from './inventory.ts'
import { type KillingLab, Kills } from './kills.ts'
import { assertTrueWords, inMemoryFabric, type LabDevice, type LabFabric, seamsOf, whileTimePasses } from './memory.ts'
import { PEOPLE, type Person, SETTINGS } from './people.ts'
import type { ProcessLab, ProcessOptions } from './processes.ts'
import { type Project, projectIn } from './project.ts'
import type { Browser, ServeOptions, ServerBench } from './server.ts'
import { assertSettled, openSocketLab, type SocketLab, type SocketOptions } from './sockets.ts'
import {
  type EosflowProject,
  type FabricSource,
  type Feature,
  type InMemoryAnswer,
  type JournalEvent,
  type LibraryOptions,
  OUTCOMES,
  type Principal,
  type Seams,
  SeededRandom,
  VirtualClock,
} from './sources.ts'
import { typed } from './typed.ts'
import { workflowFor } from './vlan-change.ts'

export * from './application.ts'
export * from './around.ts'
export * from './checkout.ts'
export * from './exits.ts'
export * from './files.ts'
export * from './folder.ts'
export * from './inventory.ts'
export * from './loopback.ts'
export { bundledFabric, type LabFabric, seamsOf, WIDE_DISK, whileTimePasses } from './memory.ts'
export * from './opened-app.ts'
export * from './part-of.ts'
export * from './people.ts'
export * from './process.ts'
export type { Death, ProcessLab } from './processes.ts'
export type { Browser, ServeOptions, ServerBench } from './server.ts'
export {
  assertSettled,
  type ProjectOptions,
  planIn,
  runningConfig,
  type SocketLab,
  type SocketOptions,
} from './sockets.ts'
export type { App } from './sources.ts'
export * from './typed.ts'
export * from './vlan-change.ts'

/** A project, its switches in memory and a clock that only waiting moves: hours of commit timer pass in no time. */
export interface Lab extends KillingLab, Project<LabDevice> {
  readonly fabric: LabFabric
  readonly clock: VirtualClock
  /** What every command line of the lab draws from: the same each time. */
  readonly random: SeededRandom
  /** Everything the commands have printed so far. */
  readonly printed: string
  /** Who types; undefined: the user of this machine. */
  caller: Principal | undefined
  /** The features of the next command lines; undefined: all. */
  features: readonly Feature[] | undefined
  /** One in another folder, on a machine that has no keys in its environment. */
  eosflowIn(folder: string, ...argv: readonly string[]): Promise<Ended>
  /** Runs one command line as one of the people, or as another one, who types from then on. */
  as(person: Person | Principal, ...argv: readonly string[]): Promise<Ended>
  /** Runs the workflow as a person who approves the plan that is shown. */
  change(): Promise<Ended>
  /** Runs one command line as a person who says yes once. */
  agreed(...argv: readonly string[]): Promise<Ended>
  /** Runs one command line as a person who says no once. */
  declined(...argv: readonly string[]): Promise<Ended>
  /** Lines that a colleague configures on a switch, and saves. */
  byHand(device: string, ...lines: readonly string[]): Promise<void>
  /** The records of the newest execution, or of another one. */
  record(execution?: string): Promise<readonly JournalEvent[]>
  /** How many requests a switch has had, or all of them. */
  requests(device?: string): number
  /** Opens the project as a program does that has eosflow as its library. */
  code(given?: Partial<LibraryOptions>, options?: LabOptions): Promise<EosflowProject>
  /** A browser in which one of the people has logged in, at the one server of the lab. */
  http(person: Person): Promise<Browser>
  /** An agent with the token of one of the people, at the one server of the lab. */
  agent(person: Person, options?: AgentOptions): Promise<Client>
  /** Serves the project, without a socket. */
  serve(options?: ServeOptions): Promise<ServerBench>
}

/** Something that a project talks to besides its switches. */
export interface LabService {
  /** Lines of the settings. */
  readonly settings?: string
  readonly files?: Files
  readonly env?: Readonly<Record<string, string>>
  /** What stands between a command and it. */
  seams?(seams: Seams): Seams
}

/** What a lab is made of, and what happens to its requests. */
export interface LabOptions {
  readonly world?: 'memory'
  /** Default: the bundled fabric. */
  readonly switches?: FabricSource
  /** Tags of each switch. Default: the pair that it is of. */
  readonly tags?: TagsOf
  /** The switches that the workflow selects; default: leaf1. */
  readonly targets?: string
  /** Default: one VLAN on them. */
  readonly workflow?: string
  /** The policy. With it the project knows the issuer of the people. */
  readonly policy?: string
  /** Who types first. */
  readonly caller?: Principal
  /** Further files of the project, and other ones. */
  readonly files?: Files
  /** Called when the files of the project are there. */
  readonly prepare?: (lab: Lab) => void
  readonly services?: readonly LabService[]
  /** Called before each request is sent, with its commands. */
  readonly before?: (lab: Lab, device: string, commands: readonly string[]) => void | Promise<void>
  /** Whether the switches look at passwords. Default: everybody who comes is let in. */
  readonly judgesLogins?: true
  /** Which switch answers at an address; default: the one whose name it is. */
  readonly answers?: (lab: Lab, device: string) => string
  /** What is heard of an answer; default: the answer. */
  readonly hears?: (lab: Lab, answer: InMemoryAnswer) => InMemoryAnswer
  /** The environment of each command line; default: none. */
  readonly env?: Readonly<Record<string, string>>
  /** Takes each live line that is drawn; default: it is not watched. */
  readonly live?: (line: string | undefined) => void
  /** Whether exec commands may be typed in a config session; default: it is a defect. */
  readonly mayRunExec?: true
  /** The interrupt. */
  readonly stop?: AbortSignal
  /** What else stands between one command line and its world; called for each. Default: nothing. */
  readonly seams?: (seams: Seams) => Seams
}

/**
 * Makes a project and the switches of its inventory, in memory, over sockets or also for real processes. When the test is over, {@link assertSettled} is asked and the
 * project removed.
 */
export function openLab(options: SocketOptions): Promise<SocketLab>
export function openLab(options: ProcessOptions): Promise<ProcessLab>
export function openLab(options?: LabOptions): Lab
export function openLab(options: LabOptions | SocketOptions | ProcessOptions = {}): Lab | Promise<SocketLab> {
  if (options.world === 'processes') return import('./processes.ts').then((world) => world.openProcessLab(options))
  return options.world === 'sockets' ? openSocketLab(options) : openMemoryLab(options)
}

function openMemoryLab(options: LabOptions): Lab {
  const clock = new VirtualClock()
  const fabric = inMemoryFabric(options.switches ?? { folder: DC1 }, clock)
  const dir = temporaryFolder()
  const { targets = 'leaf1', workflow = workflowFor(targets), policy, services = [], live } = options
  const env = () => Object.assign({}, ...services.map((service) => service.env), options.env)
  let printed = ''
  const run = async (argv: readonly string[], answers: readonly string[], cwd = dir): Promise<Ended> => {
    const typing = {
      env: cwd === dir ? env() : {},
      answers,
      interactive: answers.length > 0,
      stop: options.stop ?? new AbortController().signal,
      seams: kills.around(calledBy(lab.caller, seamsOf(lab, options))),
      ...(live === undefined ? {} : { live }),
      ...(lab.features === undefined ? {} : { features: lab.features }),
    }
    const ended = await whileTimePasses(clock, typed(cwd, argv, typing))
    printed += ended.out + ended.err
    return ended
  }
  const kills = new Kills((...argv) => run(argv, []))
  let server: Promise<ServerBench> | undefined
  const served = (): Promise<ServerBench> => {
    server ??= lab.serve({ tokens: PEOPLE })
    return server
  }
  const lab: Lab = {
    ...projectIn(dir, fabric, (...argv) => run(argv, [])),
    fabric,
    clock,
    random: new SeededRandom(),
    get printed() {
      return printed
    },
    caller: options.caller,
    features: undefined,
    eosflowIn: (folder, ...argv) => run(argv, [], folder),
    as: (person, ...argv) => {
      lab.caller = typeof person === 'string' ? PEOPLE[person] : person
      return run(argv, [])
    },
    change: () => run(['run', 'workflow.yaml'], ['yes']),
    agreed: (...argv) => run(argv, ['yes']),
    declined: (...argv) => run(argv, ['no']),
    byHand: async (device, ...lines) => {
      await typeOn(fabric.device(device), 'configure', ...lines, 'end', 'copy running-config startup-config')
    },
    killAt: (point, on, saved) => kills.killAt(point, on, saved),
    killIn: (command, point, on) => kills.killIn(command, point, on),
    kill: () => kills.kill(),
    resume: () => run(['resume'], []),
    record: async (execution = '@latest') => JSON.parse((await run(['history', execution, '--json'], [])).out),
    requests: (device) =>
      fabric.devices
        .filter(({ name }) => device === undefined || name === device)
        .reduce((sum, one) => sum + one.requests().length, 0),
    code: async (given, more) => (await import('./code.ts')).openCode(lab, given, more),
    http: async (person) => (await served()).browser(PEOPLE[person]),
    agent: async (person, given) => (await served()).agent(person, given),
    serve: async (given) => (await import('./server.ts')).serveLab(lab, given),
  }
  writeFiles(dir, {
    'eosflow.yaml': [policy === undefined ? 'version: 1\n' : SETTINGS, ...services.map(settingsOf)].join(''),
    'inventory.yaml': inventoryOf(fabric, options.tags),
    'workflow.yaml': workflow,
    ...(policy === undefined ? {} : { 'policy.yaml': policy }),
    ...Object.assign({}, ...services.map(({ files }) => files)),
    ...options.files,
  })
  options.prepare?.(lab)
  onTestFinished(() => {
    assertTrueWords(fabric)
    assertSettled(fabric, printed, options.mayRunExec)
  })
  return lab
}

const settingsOf = ({ settings = '' }: LabService) => settings

const calledBy = (principal: Principal | undefined, seams: Seams): Seams =>
  principal === undefined ? seams : { ...seams, principal }

/** Runs one command line of the program. */
interface Runs {
  eosflow(...argv: readonly string[]): Promise<{ readonly out: string }>
}

/** The id of the newest execution, also of one that sent nothing to a switch: those `@latest` passes over. */
export async function newest(lab: Runs) {
  const every = [...OUTCOMES, 'open'].flatMap((state) => ['--state', state])
  const { out } = await lab.eosflow('executions', ...every, '-n', '1', '--json')
  const [first] = (JSON.parse(out) as { executions: { id: string }[] }).executions
  if (first === undefined) throw new Error('nothing is on record')
  return first.id
}
