import { checkpointNames } from '../../../eos/device/checkpoint-names.ts'
import {
  openSessions,
  type RawAnswer,
  rawText,
  readSessionTable,
  type SessionTable,
} from '../../../eos/device/device.ts'
import { definedItems } from '../../../model/json.ts'
import { KIT, type KitStep, LOOPBACK, listing, modelOf, step, timeIn } from './contract/probe.ts'

export interface Bench {
  readonly texts: Readonly<Record<string, string>>
  readonly sessions: SessionTable
  readonly checkpoints: readonly string[]
  /** By the switch's own clock, in seconds. */
  readonly uptime: number
  readonly epoch: number
  readonly eos: string
  readonly model: string
  readonly isTyped: boolean
}

const CHECKPOINTS = 'show configuration checkpoints'
const TEXTS = ['show running-config', 'show startup-config', 'show boot-config', CHECKPOINTS] as const

/** The two requests that read a {@link Bench}. */
export const BENCH_STEPS: readonly [KitStep, KitStep] = [
  step('texts', [...TEXTS], { refusals: 'go-on' }),
  listing('sessions'),
]

/** What the two answers say; undefined where the switch does not show its running-config, its sessions or its time. */
export function benchOf(texts: RawAnswer, list: RawAnswer): Bench | undefined {
  const [version, sessions] = list.outcomes
  if (texts.outcomes[0]?.ok !== true || version?.ok !== true || sessions?.ok !== true) return undefined
  const time = timeIn(version.result)
  if (time === undefined) return undefined
  const { version: eos, modelName } = modelOf(version.result)
  const shown = TEXTS.map((command, at) => [command, rawText(texts.outcomes[at]) ?? ''] as const)
  return {
    texts: Object.fromEntries(shown),
    sessions: readSessionTable(modelOf(sessions.result), time),
    checkpoints: checkpointNames(rawText(texts.outcomes[TEXTS.indexOf(CHECKPOINTS)]) ?? ''),
    ...time,
    eos: String(eos),
    model: String(modelName),
    isTyped: texts.prompts !== undefined,
  }
}

/** The image in `show boot-config`; undefined where it names none. */
export function imageIn({ texts }: Bench): string | undefined {
  return /^Software image: (\S+)$/m.exec(texts['show boot-config'] ?? '')?.[1]
}

/** What is asked once, before the first probe: whether running-config is saved, and which files are on flash. */
export const FREE_STEP: KitStep = step('free', ['show running-config diffs', 'dir flash:'], { refusals: 'go-on' })

export const BACKUP = `flash:${KIT}-backup`

/** Puts back by hand what was before a run. */
export const PUT_BACK = `configure replace ${BACKUP}`

/**
 * Why nothing is tried on a switch, with what to type where a run of the kit has left something; undefined where it is free and saved. `answer` is that
 * to {@link FREE_STEP}.
 */
export function notFree(bench: Bench, answer: RawAnswer): string | undefined {
  const [saved, files] = answer.outcomes
  const diffs = saved?.ok === true ? rawText(saved) : undefined
  const open = openSessions(bench.sessions)
  const left = [...leftover(bench, open), ...filesLeft(rawText(files) ?? '')]
  const others = open.filter((name) => !isOurs(name))
  const why = definedItems(
    left.length !== 0 && `an earlier run has left: ${left.join('; ')}`,
    bench.sessions.armed !== undefined && `a commit timer runs: ${bench.sessions.armed.session}`,
    others.length !== 0 && `config sessions are open: ${others.join(', ')}`,
    (bench.sessions.saveToStartupConfigOnCommit || bench.sessions.mergeOnCommit) &&
      'a commit saves or merges (service configuration session commit)',
    diffs === undefined && 'it does not say whether running-config is saved',
    ...(diffs === undefined || diffs.trim() === '' ? [] : ['running-config is not saved']),
  )
  return why.length === 0 ? undefined : why.join('; ')
}

function leftover({ texts, checkpoints }: Bench, open: readonly string[]) {
  const running = texts['show running-config'] ?? ''
  return [
    ...open.filter(isOurs).map((name) => `the config session ${name} (configure session ${name} abort)`),
    ...checkpoints.filter(isOurs).map((name) => `the checkpoint ${name} (delete checkpoint:${name})`),
    ...blocksLeft(running).map((line) => `${line} (configure, no ${line})`),
  ]
}

function blocksLeft(running: string) {
  const blocks = running.split(/\n(?![ \t]|$)/).map((block) => block.split('\n').map((line) => line.trim()))
  return blocks.flatMap(([line = '', ...rest]) => {
    const isNamed = OWN_NUMBERS.test(line) && rest.some((one) => one === `description ${KIT}` || one === `name ${KIT}`)
    return line === LOOPBACK || isNamed || (!line.startsWith('!') && line.includes(KIT)) ? line : []
  })
}

const OWN_NUMBERS = /^(?:interface (?:Port-Channel|Vlan)|vlan )/

function filesLeft(listed: string) {
  const names = [...listed.matchAll(new RegExp(`${KIT}-[a-z]+`, 'g'))].map(([name]) => name)
  return [...new Set(names)].map((name) => `flash:${name} (delete flash:${name})`)
}

const isOurs = (name: string) => name.startsWith(`${KIT}-`)

/** How a switch differs from before, in lines for a person; empty where it does not. `saved`: startup-config was written anew. */
export function remains(before: Bench, now: Bench, saved: boolean): readonly string[] {
  const texts = TEXTS.filter((command) => command !== CHECKPOINTS).flatMap((command) => {
    const [old, text] = [before.texts[command] ?? '', now.texts[command] ?? ''].map((one) =>
      saved ? one.replace(/^! Startup-config last modified at .*\n/m, '') : one,
    )
    return old === text ? [] : [`${command}: ${firstDifference(old ?? '', text ?? '')}`]
  })
  const armed = now.sessions.armed
  return definedItems(
    ...texts,
    !isSaved(now) && 'startup-config differs from running-config',
    armed !== undefined &&
      `the commit timer of ${armed.session} runs for ${armed.secondsLeft} s: then the switch puts itself back`,
    ...openSessions(now.sessions).map((name) => `the config session ${name} (configure session ${name} abort)`),
    ...now.checkpoints
      .filter((name) => !before.checkpoints.includes(name))
      .map((name) => `the checkpoint ${name} (delete checkpoint:${name})`),
    ...before.checkpoints
      .filter((name) => !now.checkpoints.includes(name))
      .map((name) => `the checkpoint ${name} is gone`),
  )
}

function isSaved({ texts }: Bench) {
  const [running, startup] = ['show running-config', 'show startup-config'].map((command) =>
    (texts[command] ?? '')
      .split('\n')
      .filter((line) => !line.startsWith('!'))
      .join('\n'),
  )
  return running === startup
}

function firstDifference(before: string, now: string) {
  const [old, lines] = [before.split('\n'), now.split('\n')]
  const gone = old.find((line) => !lines.includes(line))
  const come = lines.find((line) => !old.includes(line))
  if (gone === undefined && come === undefined) return 'the same lines in another order'
  return definedItems(gone !== undefined && `- ${gone.trim()}`, come !== undefined && `+ ${come.trim()}`).join(', ')
}
